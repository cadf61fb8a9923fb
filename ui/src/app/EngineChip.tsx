// What runs the programs and whether it can: a word in the top bar, a sentence on request.

import { Popover } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Engine } from '../bindings/Engine';
import { announce } from '../components/announcer';
import { Spinner } from '../components/Progress';
import styles from './EngineChip.module.css';

export function EngineChip({ engine }: { engine: Engine }) {
  const { t } = useTranslation('common');
  const { status, detail } = engine;
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
        <span className={styles.words}>{state}</span>
        {status === 'preparing' && <span>{t('engine.seconds', { seconds })}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.more} sideOffset={6} collisionPadding={8}>
          <p>{t(`engine.${status}Text`)}</p>
          {detail && (
            <p className={styles.detail} lang="en">
              {detail}
            </p>
          )}
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
