// Over the editor of a lesson whose programs run in Docker only: how Docker stands, before the
// learner has run anything. Nothing at all once it is ready.

import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button';
import { DockerState } from '../../components/DockerState';
import { Notice } from '../../components/Notice';
import { useEngines } from '../../lib/engines';
import { useSettings } from '../../lib/settings';
import { usePlatform } from '../../platform/context';
import styles from './Notices.module.css';

export function NeedsDocker() {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const { settings, update } = useSettings();
  const isOff = settings.engine === 'wasm';
  const { report, refresh } = useEngines(!isOff);
  const pool = report?.pool;

  function allow() {
    update({ engine: 'auto' });
    void platform.engineWarm().catch(() => undefined);
  }

  if (isOff) {
    return (
      <div className={styles.strip}>
        <Notice
          kind="warn"
          title={t('needsDocker.title')}
          actions={<Button onClick={allow}>{t('needsDocker.allow')}</Button>}
        >
          <p>{t('needsDocker.off')}</p>
        </Notice>
      </div>
    );
  }
  if (!pool || pool.state === 'ready' || pool.state === 'degraded') return null;
  return (
    <div className={styles.strip}>
      <DockerState pool={pool} title={t('needsDocker.title')} onChanged={refresh} />
    </div>
  );
}
