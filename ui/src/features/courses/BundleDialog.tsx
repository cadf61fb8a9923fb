// A course in one file, before it is let in: who signed it, what it needs, what is new. Installs only
// when the learner says so, and says loudly when the signer is another one than before.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BundleView } from '../../bindings/BundleView';
import type { Language } from '../../bindings/Language';
import { announce } from '../../components/announcer';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { ErrorNotice } from '../../components/ErrorNotice';
import { Spinner } from '../../components/Progress';
import { type ApiError, toApiError } from '../../lib/api-error';
import { pick } from '../../lib/i18n';
import { useLoad } from '../../lib/load';
import { usePlatform } from '../../platform/context';
import { Changes } from './Changes';
import styles from './Courses.module.css';
import { isOdd, Signer } from './Signer';

export interface BundleDialogProps {
  /** The file. */
  path: string;
  language: Language;
  onClose: () => void;
  /** The shelf has another course, or another version of one. */
  onInstalled: (course: string) => void;
}

export function BundleDialog({ path, language, onClose, onInstalled }: BundleDialogProps) {
  const { t } = useTranslation('courses');
  const platform = usePlatform();
  const look = useLoad(path, () => platform.bundleLook(path));
  const [trusted, setTrusted] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const bundle = look.value;
  const odd = bundle ? isOdd(bundle.trust) : false;

  async function install({ course, fingerprint }: BundleView) {
    setBusy(true);
    setFailure(null);
    try {
      await platform.bundleInstall(path, fingerprint, trusted);
      announce(t('bundle.done'));
      onInstalled(course);
    } catch (thrown) {
      const error = toApiError(thrown);
      setFailure(error);
      setBusy(false);
      if (error.code !== 'bundle_replaced') return;
      // What was agreed to is gone: what stands there now is shown and asked for anew.
      setTrusted(false);
      look.reload();
    }
  }

  return (
    <Dialog
      wide
      open
      onClose={onClose}
      title={bundle ? pick(bundle.title, language) : t('bundle.title')}
      actions={
        <>
          <Button onClick={onClose}>{t('bundle.leave')}</Button>
          {bundle && (
            <Button
              kind={odd ? 'danger' : 'primary'}
              disabled={busy || (odd && !trusted)}
              onClick={() => void install(bundle)}
            >
              {t(action(bundle))}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.stack}>
        {look.error && <ErrorNotice error={look.error} />}
        {failure && <ErrorNotice error={failure} />}
        {!bundle && !look.error && <Spinner label={t('bundle.looking')} />}
        {bundle && (
          <>
            <Facts bundle={bundle} />
            <Signer bundle={bundle} trusted={trusted} onTrusted={setTrusted} />
            <Needs bundle={bundle} />
            {bundle.changes && <Changes changes={bundle.changes} language={language} />}
          </>
        )}
      </div>
    </Dialog>
  );
}

function action({ installed, isOlder }: BundleView) {
  if (installed === null) return 'bundle.install';
  return isOlder ? 'bundle.downgrade' : 'bundle.update';
}

function Facts({ bundle }: { bundle: BundleView }) {
  const { t } = useTranslation('courses');
  const { version, installed, isOlder, authors, license, lessons, files, bytes } = bundle;
  const megabytes = Math.max(0.1, bytes / 1_048_576).toFixed(1);
  return (
    <dl className={styles.facts}>
      <dt>{t('bundle.version')}</dt>
      <dd>
        {installed === null
          ? version
          : t(isOlder ? 'bundle.older' : 'bundle.versions', { installed, version })}
      </dd>
      {authors.length > 0 && <dt>{t('bundle.authors')}</dt>}
      {authors.length > 0 && <dd>{authors.join('、')}</dd>}
      <dt>{t('bundle.license')}</dt>
      <dd>{license || t('bundle.noLicense')}</dd>
      <dt>{t('bundle.holds')}</dt>
      <dd>
        {t('bundle.lessons', { count: lessons })}
        {t('bundle.size', { files, megabytes })}
      </dd>
    </dl>
  );
}

function Needs({ bundle: { needs } }: { bundle: BundleView }) {
  const { t } = useTranslation('courses');
  const said = [
    needs.docker && t('needs.docker'),
    needs.model && t('needs.model'),
    needs.network.length > 0 && t('needs.network', { hosts: needs.network.join(', ') }),
    needs.packages.length > 0 && t('needs.packages', { packages: needs.packages.join(', ') }),
  ].filter((line) => line !== false);
  return (
    <section>
      <h3 className={styles.heading}>{t('needs.title')}</h3>
      {said.length === 0 ? (
        <p className={styles.muted}>{t('needs.nothing')}</p>
      ) : (
        <ul className={styles.plain}>
          {said.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
