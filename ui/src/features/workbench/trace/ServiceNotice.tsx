// A course that nobody signed, while programs ask the learner's own service: whether its programs may,
// and the learner's word on it.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LessonRef } from '../../../bindings/LessonRef';
import { Button } from '../../../components/Button';
import { useSettings } from '../../../lib/settings';
import { usePlatform } from '../../../platform/context';
import styles from './TracePane.module.css';

export interface ServiceNoticeProps {
  lesson: LessonRef;
  allowed: boolean;
  onFailed: (thrown: unknown) => void;
}

export function ServiceNotice({ lesson, allowed, onFailed }: ServiceNoticeProps) {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const { settings } = useSettings();
  const [now, setNow] = useState(allowed);
  // Recorded replies cost nothing and need no permission.
  if (settings.modelMode !== 'live') return null;

  function say() {
    platform.serviceAllow(lesson, !now).then((next) => next !== null && setNow(next), onFailed);
  }

  return (
    <div className={styles.web}>
      <p>{t(now ? 'service.allowed' : 'service.asked')}</p>
      <Button onClick={say}>{t(now ? 'web.revoke' : 'web.allow')}</Button>
    </div>
  );
}
