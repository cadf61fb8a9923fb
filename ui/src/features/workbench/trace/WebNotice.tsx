// A lesson whose agents want to ask hosts outside: which, whether they may, and the learner's word on it.

import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { WebAccess } from '../../../bindings/WebAccess';
import { Button } from '../../../components/Button';
import { usePlatform } from '../../../platform/context';
import styles from './TracePane.module.css';

export interface WebNoticeProps {
  lesson: LessonRef;
  /** As it is now. */
  web: WebAccess;
  /** The learner's word is heard: what holds may be another thing now. */
  onSaid: () => void;
  onFailed: (thrown: unknown) => void;
}

export function WebNotice({ lesson, web, onSaid, onFailed }: WebNoticeProps) {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const allowed = web.state === 'allowed';

  function say() {
    platform.webAllow(lesson, !allowed).then(onSaid, onFailed);
  }

  return (
    <div className={styles.web}>
      <p>{t(`web.${web.state}`, { hosts: web.hosts.join(', ') })}</p>
      {web.state !== 'unsigned' && (
        <Button onClick={say}>{t(allowed ? 'web.revoke' : 'web.allow')}</Button>
      )}
    </div>
  );
}
