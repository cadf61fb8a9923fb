// Who answers for the model that programs ask: recorded replies, or the learner's own service. Always in
// sight, because one of them costs money.

import { Popover } from 'radix-ui';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../components/announcer';
import { useAi } from '../lib/ai';
import { useIsRecording } from '../lib/recording';
import { useSettings } from '../lib/settings';
import chip from './EngineChip.module.css';
import styles from './ModeChip.module.css';

const MODES = ['scripted', 'live'] as const;

export interface ModeChipProps {
  onAi: () => void;
  /** To where authors record. */
  onRecord: () => void;
}

export function ModeChip({ onAi, onRecord }: ModeChipProps) {
  const { t } = useTranslation('common');
  const { settings, update } = useSettings();
  const { ai } = useAi();
  const name = useId();
  const isRecording = useIsRecording();
  const mode = settings.modelMode === 'live' ? 'live' : 'scripted';
  const shown = isRecording ? 'record' : mode;
  const state = t(`mode.${shown}`);

  return (
    <Popover.Root>
      <Popover.Trigger
        className={`${chip.chip} ${styles.trigger}`}
        aria-label={t('mode.label', { state })}
        data-mode={shown}
      >
        <span className={styles.dot} aria-hidden="true" />
        <span className={styles.words}>{state}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={chip.more} sideOffset={6} collisionPadding={8}>
          <fieldset className={styles.choice}>
            <legend>{t('mode.title')}</legend>
            {MODES.map((choice) => (
              <label key={choice} className={styles.option}>
                <input
                  type="radio"
                  name={name}
                  checked={mode === choice}
                  onChange={() => {
                    update({ modelMode: choice });
                    announce(t(`mode.${choice}`));
                  }}
                />
                <span>
                  <strong>{t(`mode.${choice}`)}</strong>
                  <span className={chip.detail}>{t(`mode.${choice}Text`)}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {isRecording ? (
            <p className={chip.detail}>{t('mode.recordText')}</p>
          ) : (
            <Popover.Close className={styles.link} onClick={onRecord}>
              {t('mode.recordGo')}
            </Popover.Close>
          )}
          {mode === 'live' && ai?.ready === false && (
            <button type="button" className={styles.link} onClick={onAi}>
              {t('mode.noKey')}
            </button>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
