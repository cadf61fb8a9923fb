// The page from the first frame on: asks the core where things stand, recovers when the data
// cannot be used, then shows the places.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Boot } from '../bindings/Boot';
import type { Engine } from '../bindings/Engine';
import type { Language } from '../bindings/Language';
import type { StoreState } from '../bindings/StoreState';
import { Announcer } from '../components/announcer';
import { Button } from '../components/Button';
import { ErrorNotice } from '../components/ErrorNotice';
import { TooltipProvider } from '../components/Tooltip';
import { Recovery } from '../features/recovery/Recovery';
import { AiProvider } from '../lib/ai';
import { type ApiError, toApiError } from '../lib/api-error';
import { LastAnswerProvider } from '../lib/engines';
import { startI18n } from '../lib/i18n';
import { SettingsProvider } from '../lib/settings';
import { PlatformProvider } from '../platform/context';
import type { Platform } from '../platform/platform';
import styles from './App.module.css';
import { Frame } from './Frame';
import { useKeyboard } from './keys';
import { Skeleton } from './Skeleton';
import '@fontsource/jetbrains-mono/latin-400.css';
import '@fontsource/jetbrains-mono/latin-700.css';
import './tokens.css';
import './base.css';

export interface AppProps {
  platform: Platform;
  /** Now, as the window sees it at the start. */
  today: Date;
  /** What the words are said in until the core has answered. */
  firstLanguage: Language;
}

export function App({ platform, today, firstLanguage }: AppProps) {
  const [boot, setBoot] = useState<Boot | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [engine, setEngine] = useState<Engine | null>(null);
  const [turn, setTurn] = useState(0);
  useKeyboard();

  // Before the boot is asked for: a change that came while its answer was on the way would be lost.
  useEffect(() => platform.onEngine(setEngine), [platform]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks again
  useEffect(() => {
    setFailure(null);
    platform.boot().then(
      (answer) => {
        startI18n(answer.settings.uiLanguage ?? answer.systemLanguage);
        setEngine((told) => (told && told.status !== 'preparing' ? told : answer.engine));
        setBoot(answer);
      },
      (thrown) => {
        startI18n(firstLanguage);
        setFailure(toApiError(thrown));
      },
    );
  }, [platform, firstLanguage, turn]);

  function onStore(store: StoreState) {
    if (!boot || store.state === 'unavailable') {
      setBoot(boot && { ...boot, store });
      return;
    }
    // The database brings its own settings: everything begins again with them.
    setBoot(null);
    setTurn(turn + 1);
  }

  if (failure) return <BootFailure error={failure} onRetry={() => setTurn(turn + 1)} />;
  if (!boot) return <Skeleton />;
  const { store } = boot;
  return (
    <PlatformProvider platform={platform}>
      <SettingsProvider initial={boot.settings} systemLanguage={boot.systemLanguage}>
        <AiProvider>
          <LastAnswerProvider>
            <TooltipProvider>
              {store.state === 'ready' ? (
                <Frame engine={engine ?? boot.engine} today={today} />
              ) : (
                <Recovery store={store} onStore={onStore} />
              )}
              <Announcer />
            </TooltipProvider>
          </LastAnswerProvider>
        </AiProvider>
      </SettingsProvider>
    </PlatformProvider>
  );
}

function BootFailure(props: { error: ApiError; onRetry: () => void }) {
  const { t } = useTranslation('common');
  return (
    <main className={styles.failure}>
      <ErrorNotice
        error={props.error}
        actions={<Button onClick={props.onRetry}>{t('retry')}</Button>}
      />
    </main>
  );
}
