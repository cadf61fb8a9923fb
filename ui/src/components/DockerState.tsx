// How the engine of containers stands, in a sentence, with what one can do about it: start it, stop
// waiting for it, give its containers back. Settings show it, and a lesson that needs it.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pool } from '../bindings/Pool';
import { type ApiError, toApiError } from '../lib/api-error';
import { usePlatform } from '../platform/context';
import { Button } from './Button';
import styles from './DockerState.module.css';
import { ErrorNotice } from './ErrorNotice';
import { Notice, type NoticeKind } from './Notice';

/** What the core says it is doing, in its English, and our word for it. */
const STEPS = {
  'looking for a Docker engine': 'docker.step.looking',
  'loading the image of the sandbox': 'docker.step.loading',
  'pulling the image of the sandbox': 'docker.step.pulling',
  'preparing the image of the sandbox': 'docker.step.deriving',
  'starting the first container': 'docker.step.starting',
  'proving the limits of the engine': 'docker.step.proving',
} as const;

const KINDS: Readonly<Record<Pool['state'], NoticeKind>> = {
  unknown: 'info',
  connecting: 'info',
  ready: 'ok',
  degraded: 'warn',
  down: 'warn',
};

export interface DockerStateProps {
  pool: Pool;
  /** Instead of the state's own title: why somebody should care. */
  title?: string;
  onChanged: () => void;
}

export function DockerState({ pool, title, onChanged }: DockerStateProps) {
  const { t } = useTranslation('common');
  const platform = usePlatform();
  const [failure, setFailure] = useState<ApiError | null>(null);
  const { state, detail, percent, retryInMs, engine } = pool;

  function act(call: () => Promise<void>) {
    setFailure(null);
    call()
      .catch((thrown: unknown) => setFailure(toApiError(thrown)))
      .finally(onChanged);
  }
  const start = () => act(() => platform.engineWarm());
  const rest = () => act(() => platform.engineRest());

  return (
    <>
      <Notice
        kind={KINDS[state]}
        title={title ?? t(`docker.state.${state}`)}
        actions={
          state === 'connecting' ? (
            <Button onClick={rest}>{t('cancel')}</Button>
          ) : state === 'ready' || state === 'degraded' ? (
            <Button onClick={rest}>{t('docker.rest')}</Button>
          ) : (
            <Button onClick={start}>{t('docker.start')}</Button>
          )
        }
      >
        {title && state !== 'connecting' && <p>{t(`docker.state.${state}`)}</p>}
        {state === 'connecting' && <Work detail={detail} percent={percent} />}
        {engine && (
          <p>
            {t('docker.engine', {
              version: engine.version,
              api: engine.api,
              python: engine.python,
              place: engine.namedBy,
            })}
          </p>
        )}
        {(state === 'down' || state === 'degraded') && (
          <p className={styles.detail} lang="en">
            {detail}
          </p>
        )}
        {state === 'down' && <p>{t('docker.advice')}</p>}
        {state === 'down' && retryInMs !== null && (
          <p>{t('docker.retry', { seconds: Math.ceil(retryInMs / 1000) })}</p>
        )}
      </Notice>
      {failure && <ErrorNotice error={failure} />}
    </>
  );
}

function Work({ detail, percent }: { detail: string; percent: number | null }) {
  const { t } = useTranslation('common');
  const step = Object.hasOwn(STEPS, detail) ? STEPS[detail as keyof typeof STEPS] : null;
  const words = step ? t(step) : detail;
  return (
    <>
      <p className={styles.step}>
        <span>{words}</span>
        {percent !== null && <span>{t('docker.percent', { percent })}</span>}
      </p>
      <progress
        className={styles.bar}
        aria-label={words}
        max={100}
        {...(percent !== null && { value: percent })}
      />
    </>
  );
}
