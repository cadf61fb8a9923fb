// The strip above everything: where the learner is, search, the engine, and what is set most often.

import { Settings as Gear, House, Moon, PanelLeft, Search, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Engine } from '../bindings/Engine';
import { IconButton } from '../components/IconButton';
import { Keys } from '../components/Keys';
import { htmlLanguage } from '../lib/i18n';
import { useSettings } from '../lib/settings';
import { CostMeter } from './CostMeter';
import { EngineChip } from './EngineChip';
import { ModeChip } from './ModeChip';
import styles from './TopBar.module.css';

export interface TopBarProps {
  engine: Engine;
  /** Course and lesson, when one is open. */
  path: string[];
  /** Whether the tree is shown; `null` where there is none. */
  tree: boolean | null;
  onTree: () => void;
  onHome: () => void;
  onSearch: () => void;
  onSettings: () => void;
  /** Opens the settings of the engines. */
  onEngine: () => void;
  /** Opens the settings of the AI service. */
  onAi: () => void;
  onRecord: () => void;
}

export function TopBar(props: TopBarProps) {
  const { engine, path, tree, onTree, onHome, onSearch, onSettings, onEngine, onAi, onRecord } =
    props;
  const { t } = useTranslation('common');
  const { language, theme, update } = useSettings();
  const dark = theme === 'dark';
  return (
    <header className={styles.bar}>
      {tree !== null && (
        <IconButton
          label={t(tree ? 'topbar.hideTree' : 'topbar.showTree')}
          shortcut="Mod+B"
          onClick={onTree}
        >
          <PanelLeft aria-hidden />
        </IconButton>
      )}
      <nav className={styles.path} aria-label={t('topbar.path')}>
        <IconButton label={t('topbar.home')} onClick={onHome}>
          <House aria-hidden />
        </IconButton>
        {path.length === 0 ? (
          <span className={styles.name}>HelloAgents</span>
        ) : (
          <ol className={styles.steps}>
            {path.map((step, index) => (
              <li
                key={step}
                className={styles.step}
                aria-current={index === path.length - 1 ? 'page' : undefined}
                title={step}
              >
                {step}
              </li>
            ))}
          </ol>
        )}
      </nav>
      <button
        type="button"
        className={styles.search}
        aria-label={t('topbar.search')}
        onClick={onSearch}
      >
        <Search aria-hidden />
        <span>{t('topbar.search')}</span>
        <Keys of="Mod+K" />
      </button>
      <div className={styles.end}>
        <CostMeter onOpen={onAi} />
        <EngineChip engine={engine} onOpen={onEngine} />
        <ModeChip onAi={onAi} onRecord={onRecord} />
        <LanguageSwitch
          language={language}
          onSwitch={() => update({ uiLanguage: language === 'zh' ? 'en' : 'zh' })}
        />
        <IconButton
          label={t(dark ? 'topbar.light' : 'topbar.dark')}
          onClick={() => update({ theme: dark ? 'light' : 'dark' })}
        >
          {dark ? <Sun aria-hidden /> : <Moon aria-hidden />}
        </IconButton>
        <IconButton label={t('topbar.settings')} shortcut="Mod+Comma" onClick={onSettings}>
          <Gear aria-hidden />
        </IconButton>
      </div>
    </header>
  );
}

function LanguageSwitch(props: { language: 'zh' | 'en'; onSwitch: () => void }) {
  const { t } = useTranslation('common');
  const other = props.language === 'zh' ? 'en' : 'zh';
  return (
    <IconButton
      className={styles.language}
      label={t('topbar.language')}
      lang={htmlLanguage(other)}
      onClick={props.onSwitch}
    >
      <span data-on={props.language === 'zh'}>{t('topbar.languageShort.zh')}</span>
      <span aria-hidden="true">|</span>
      <span data-on={props.language === 'en'}>{t('topbar.languageShort.en')}</span>
    </IconButton>
  );
}
