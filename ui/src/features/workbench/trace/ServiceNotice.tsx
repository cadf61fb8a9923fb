// A course that nobody signed, while programs ask the learner's own service: whether its programs may,
// and the learner's word on it.

import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../../bindings/LessonRef';
import { Button } from '../../../components/Button';
import { useSettings } from '../../../lib/settings';
import { usePlatform } from '../../../platform/context';
import styles from './TracePane.module.css';

export interface ServiceNoticeProps {
  lesson: LessonRef;
  /** As it is now. */
  allowed: boolean;
  /** The learner's word is heard. */
  onSaid: () => void;
  onFailed: (thrown: unknown) => void;
}

export function ServiceNotice({ lesson, allowed, onSaid, onFailed }: ServiceNoticeProps) {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const { settings } = useSettings();
  // Recorded replies cost nothing and need no permission.
  if (settings.modelMode !== 'live') return null;

  function say() {
    platform.serviceAllow(lesson, !allowed).then(onSaid, onFailed);
  }

  return (
    <div className={styles.web}>
      <p>{t(allowed ? 'service.allowed' : 'service.asked')}</p>
      <Button onClick={say}>{t(allowed ? 'web.revoke' : 'web.allow')}</Button>
    </div>
  );
}
