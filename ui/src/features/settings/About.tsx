// What the app is made of and whether each part works, as something to copy into a report.

import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Health } from '../../bindings/Health';
import { announce } from '../../components/announcer';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { Spinner } from '../../components/Progress';
import { useLoad } from '../../lib/load';
import { usePlatform } from '../../platform/context';
import styles from './SettingsDialog.module.css';

/** English on purpose: whoever reads a report reads the same words from everybody. */
export function healthReport(health: Health): string {
  const parts = health.parts.map(
    ({ name, healthy, detail, durationMs }) =>
      `${healthy ? 'ok  ' : 'FAIL'}  ${name}  ${detail}  (${durationMs.toFixed(1)} ms)`,
  );
  return [`HelloAgents ${health.version}`, ...parts].join('\n');
}

export function About() {
  const { t } = useTranslation('settings');
  const platform = usePlatform();
  const health = useLoad('health', () => platform.health());
  const [copied, setCopied] = useState<boolean | null>(null);

  async function copy(report: string) {
    const done = await navigator.clipboard.writeText(report).then(
      () => true,
      () => false,
    );
    setCopied(done);
    announce(t(done ? 'about.copied' : 'about.notCopied'));
  }

  if (health.error) return <ErrorNotice error={health.error} />;
  if (!health.value) return <Spinner label={t('about.asking')} />;
  const report = healthReport(health.value);
  return (
    <div className={styles.fields}>
      <p>{t(health.value.healthy ? 'about.healthy' : 'about.unhealthy')}</p>
      <pre className={styles.report} lang="en" tabIndex={0}>
        {report}
      </pre>
      <p className={styles.copy}>
        <Button icon={<Copy aria-hidden />} onClick={() => void copy(report)}>
          {t('about.copy')}
        </Button>
        {copied !== null && t(copied ? 'about.copied' : 'about.notCopied')}
      </p>
      <p className={styles.small}>{t('about.privacy')}</p>
    </div>
  );
}
