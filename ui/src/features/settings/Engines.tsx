// What runs programs: the choice, the engine of containers with its image, and its numbers.

import { useTranslation } from 'react-i18next';
import { DockerState } from '../../components/DockerState';
import { NumberField, SelectField } from '../../components/Field';
import { Spinner } from '../../components/Progress';
import { useEngines } from '../../lib/engines';
import { useSettings } from '../../lib/settings';
import { ImageFile } from './ImageFile';
import { PoolFigures } from './PoolFigures';
import styles from './SettingsDialog.module.css';

export function Engines() {
  const { t } = useTranslation(['settings', 'common']);
  const { settings, update } = useSettings();
  const { report, refresh } = useEngines();
  const isUsed = settings.engine !== 'wasm';
  return (
    <div className={styles.fields}>
      <SelectField
        label={t('engine.choice')}
        help={t(`engine.choiceHelp.${settings.engine}`)}
        value={settings.engine}
        options={[
          { value: 'auto', label: t('engine.auto') },
          { value: 'wasm', label: t('engine.wasm') },
          { value: 'docker', label: t('engine.docker') },
        ]}
        onChange={(engine) => update({ engine })}
      />
      <NumberField
        label={t('engine.pool')}
        help={t('engine.poolHelp')}
        value={settings.poolSize}
        min={1}
        max={10}
        unit={t('engine.containers')}
        onChange={(poolSize) => update({ poolSize })}
      />
      {report ? (
        <ul className={styles.engines} aria-label={t('engine.list')}>
          {report.engines.map(({ name, status, detail }) => (
            <li key={name}>
              <strong>{t(name === 'docker' ? 'engine.docker' : 'engine.wasm')}</strong>
              {' · '}
              {t(`engine.status.${status}`)}
              {name !== 'docker' && detail && <span lang="en"> · {detail}</span>}
            </li>
          ))}
        </ul>
      ) : (
        <Spinner label={t('about.asking')} />
      )}
      {report?.pool && (
        <>
          {isUsed && <DockerState pool={report.pool} onChanged={refresh} />}
          <ImageFile chosen={report.chosenImage} onChanged={refresh} />
          <PoolFigures pool={report.pool} />
        </>
      )}
    </div>
  );
}
