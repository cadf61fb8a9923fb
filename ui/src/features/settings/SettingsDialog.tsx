// Settings: languages, look, editor, running, and what the app is made of. A change holds at once.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import type { Settings } from '../../bindings/Settings';
import { Dialog } from '../../components/Dialog';
import { ErrorNotice } from '../../components/ErrorNotice';
import { CheckField, NumberField, SelectField } from '../../components/Field';
import { Tabs } from '../../components/Tabs';
import { useSettings } from '../../lib/settings';
import { About } from './About';
import { Ai } from './Ai';
import { Engines } from './Engines';
import styles from './SettingsDialog.module.css';

/** A tab by its name. */
export type SettingsTab = 'look' | 'engine' | 'ai';

export interface SettingsDialogProps {
  open: boolean;
  /** The tab to begin with. */
  first?: SettingsTab;
  onClose: () => void;
}

export function SettingsDialog({ open, first = 'look', onClose }: SettingsDialogProps) {
  const { t } = useTranslation('settings');
  const { failure } = useSettings();
  const [tab, setTab] = useState<string>(first);
  const [opened, setOpened] = useState(open);
  if (opened !== open) {
    setOpened(open);
    if (open && first !== 'look') setTab(first);
  }
  return (
    <Dialog wide open={open} onClose={onClose} title={t('title')}>
      {failure && <ErrorNotice error={failure} />}
      <div className={styles.tabs}>
        <Tabs
          label={t('title')}
          value={tab}
          onChange={setTab}
          tabs={[
            { id: 'look', label: t('look.title'), content: <Look /> },
            { id: 'editor', label: t('editor.title'), content: <Editor /> },
            { id: 'run', label: t('run.title'), content: <Run /> },
            { id: 'engine', label: t('engine.title'), content: <Engines /> },
            { id: 'ai', label: t('ai.title'), content: <Ai /> },
            { id: 'about', label: t('about.title'), content: <About /> },
          ]}
        />
      </div>
    </Dialog>
  );
}

function Look() {
  const { t } = useTranslation('settings');
  const { settings, update } = useSettings();
  const languages = [
    { value: 'zh', label: '中文' },
    { value: 'en', label: 'English' },
  ] as const;
  const chosen = (value: string) => (value === 'auto' ? null : (value as Language));
  return (
    <div className={styles.fields}>
      <SelectField
        label={t('look.uiLanguage')}
        value={settings.uiLanguage ?? 'auto'}
        options={[{ value: 'auto', label: t('look.asSystem') }, ...languages]}
        onChange={(value) => update({ uiLanguage: chosen(value) })}
      />
      <SelectField
        label={t('look.contentLanguage')}
        help={t('look.contentHelp')}
        value={settings.contentLanguage ?? 'auto'}
        options={[{ value: 'auto', label: t('look.asWindow') }, ...languages]}
        onChange={(value) => update({ contentLanguage: chosen(value) })}
      />
      <SelectField
        label={t('look.theme')}
        value={settings.theme}
        options={[
          { value: 'system', label: t('look.asSystem') },
          { value: 'light', label: t('look.light') },
          { value: 'dark', label: t('look.dark') },
        ]}
        onChange={(theme) => update({ theme })}
      />
    </div>
  );
}

function Editor() {
  const { t } = useTranslation('settings');
  const { settings, update } = useSettings();
  const accessibility: { value: Settings['editorAccessibility']; label: string }[] = [
    { value: 'auto', label: t('editor.auto') },
    { value: 'on', label: t('editor.on') },
    { value: 'off', label: t('editor.off') },
  ];
  return (
    <div className={styles.fields}>
      <NumberField
        label={t('editor.fontSize')}
        value={settings.editorFontSize}
        min={10}
        max={32}
        unit={t('editor.pixels')}
        onChange={(editorFontSize) => update({ editorFontSize })}
      />
      <NumberField
        label={t('editor.tabSize')}
        value={settings.editorTabSize}
        min={2}
        max={8}
        unit={t('editor.spaces')}
        onChange={(editorTabSize) => update({ editorTabSize })}
      />
      <CheckField
        label={t('editor.wrap')}
        value={settings.editorWrap}
        onChange={(editorWrap) => update({ editorWrap })}
      />
      <SelectField
        label={t('editor.accessibility')}
        help={t('editor.accessibilityHelp')}
        value={settings.editorAccessibility}
        options={accessibility}
        onChange={(editorAccessibility) => update({ editorAccessibility })}
      />
    </div>
  );
}

function Run() {
  const { t } = useTranslation('settings');
  const { settings, update } = useSettings();
  return (
    <div className={styles.fields}>
      <NumberField
        label={t('run.timeout')}
        help={t('run.timeoutHelp')}
        value={settings.runTimeoutS}
        min={1}
        max={60}
        unit={t('run.seconds')}
        onChange={(runTimeoutS) => update({ runTimeoutS })}
      />
    </div>
  );
}
