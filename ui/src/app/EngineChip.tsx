// What runs the programs and whether it can: a word in the top bar, a sentence on request.
// Once a program has run: which engine answered, and how fast.

import { Popover } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Engine } from '../bindings/Engine';
import { announce } from '../components/announcer';
import { Button } from '../components/Button';
import { Spinner } from '../components/Progress';
import { durationText, engineText } from '../features/workbench/words';
import { useLastAnswer } from '../lib/engines';
import { spokenLanguage } from '../lib/i18n';
import styles from './EngineChip.module.css';

export interface EngineChipProps {
  engine: Engine;
  /** Opens the settings of the engines. */
  onOpen: () => void;
}

export function EngineChip({ engine, onOpen }: EngineChipProps) {
  const { t } = useTranslation('common');
  const { name, status, detail } = engine;
  const { last } = useLastAnswer();
  const by = last && {
    engine: engineText(last.engine),
    duration: durationText(last.durationMs, spokenLanguage()),
  };
  const state = t(`engine.${status}`);
  const seconds = useSecondsWhile(status === 'preparing');
  const [first] = useState(status);

  useEffect(() => {
    if (status !== first) announce(state);
  }, [status, first, state]);

  return (
    <Popover.Root>
      <Popover.Trigger
        className={`${styles.chip} ${styles[status]}`}
        aria-label={t('engine.label', { state })}
        data-status={status}
      >
        {status === 'preparing' ? (
          <Spinner label={state} />
        ) : (
          <span className={styles.dot} aria-hidden="true" />
        )}
        <span className={styles.words}>
          {by && status === 'ready' ? t('engine.last', by) : state}
        </span>
        {status === 'preparing' && <span>{t('engine.seconds', { seconds })}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.more} sideOffset={6} collisionPadding={8}>
          <p>
            {t(
              status === 'ready' && name === 'docker'
                ? 'engine.readyDockerText'
                : `engine.${status}Text`,
            )}
          </p>
          {by && <p>{t('engine.lastText', by)}</p>}
          {detail && (
            <p className={styles.detail} lang="en">
              {detail}
            </p>
          )}
          <Popover.Close asChild>
            <Button onClick={onOpen}>{t('engine.open')}</Button>
          </Popover.Close>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function useSecondsWhile(on: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!on) return undefined;
    setSeconds(0);
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, [on]);
  return seconds;
}
