// A lesson whose agents want to ask hosts outside: which, whether they may, and the learner's word on it.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../../bindings/LessonRef';
import type { WebAccess } from '../../../bindings/WebAccess';
import { Button } from '../../../components/Button';
import { usePlatform } from '../../../platform/context';
import styles from './TracePane.module.css';

export interface WebNoticeProps {
  lesson: LessonRef;
  web: WebAccess;
  onFailed: (thrown: unknown) => void;
}

export function WebNotice({ lesson, web, onFailed }: WebNoticeProps) {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const [access, setAccess] = useState(web);
  const allowed = access.state === 'allowed';

  function say() {
    platform.webAllow(lesson, !allowed).then((next) => next && setAccess(next), onFailed);
  }

  return (
    <div className={styles.web}>
      <p>{t(`web.${access.state}`, { hosts: access.hosts.join(', ') })}</p>
      {access.state !== 'unsigned' && (
        <Button onClick={say}>{t(allowed ? 'web.revoke' : 'web.allow')}</Button>
      )}
    </div>
  );
}
