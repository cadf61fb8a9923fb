// From the folder to a file that others install: the author's key, packing and signing in one step,
// and what an update would change for those who have an older version.

import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuthorCourse } from '../../bindings/AuthorCourse';
import type { AuthorKeyState } from '../../bindings/AuthorKeyState';
import type { BundlePacked } from '../../bindings/BundlePacked';
import type { CourseChanges } from '../../bindings/CourseChanges';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { Notice } from '../../components/Notice';
import { PathField } from '../../components/PathField';
import { type ApiError, toApiError } from '../../lib/api-error';
import { useLoad } from '../../lib/load';
import { usePlatform } from '../../platform/context';
import styles from './Author.module.css';

export interface HandOutProps {
  course: AuthorCourse;
  onBundle: (path: string) => void;
  show: (changes: CourseChanges) => ReactNode;
}

export function HandOut({ course, onBundle, show }: HandOutProps) {
  const { t } = useTranslation('author');
  const platform = usePlatform();
  const key = useLoad('key', () => platform.authorKeyState());
  const [packed, setPacked] = useState<BundlePacked | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  async function attempt(work: () => Promise<void>) {
    setBusy(true);
    setError(null);
    await work().catch((thrown) => setError(toApiError(thrown)));
    setBusy(false);
  }
  const make = () =>
    attempt(async () => {
      const made = await platform.authorKeyMake();
      key.change(() => made);
    });
  const pack = () => attempt(async () => setPacked(await platform.authorPack(course.dir)));

  return (
    <div className={styles.panel}>
      {error && <ErrorNotice error={error} />}
      <section className={styles.step}>
        <h2>{t('handout.key')}</h2>
        {key.error && <ErrorNotice error={key.error} />}
        {key.value && <Key state={key.value} />}
        {key.value?.home === 'none' && (
          <Button disabled={busy} onClick={() => void make()}>
            {t('handout.makeKey')}
          </Button>
        )}
      </section>
      <section className={styles.step}>
        <h2>{t('handout.pack')}</h2>
        <p className={styles.muted}>{t('handout.packWhat')}</p>
        <Button kind="primary" disabled={busy} onClick={() => void pack()}>
          {t(key.value?.signer ? 'handout.packSigned' : 'handout.packUnsigned')}
        </Button>
        {packed && (
          <Notice
            kind={packed.signer ? 'ok' : 'warn'}
            title={t(packed.signer ? 'handout.packed' : 'handout.packedUnsigned')}
            actions={
              <Button onClick={() => onBundle(packed.path)}>{t('handout.asLearner')}</Button>
            }
          >
            <p className={styles.path}>{packed.path}</p>
          </Notice>
        )}
      </section>
      <Compare course={course} show={show} />
    </div>
  );
}

function Key({ state }: { state: AuthorKeyState }) {
  const { t } = useTranslation('author');
  if (!state.signer) return <p className={styles.muted}>{t('handout.noKey')}</p>;
  return (
    <>
      <p>
        {t('handout.you')} <code className={styles.path}>{state.signer}</code>
      </p>
      <p className={styles.muted}>
        {state.path === null ? t('handout.inKeyring') : t('handout.inFile', { path: state.path })}
      </p>
    </>
  );
}

function Compare({ course, show }: Pick<HandOutProps, 'course' | 'show'>) {
  const { t } = useTranslation('author');
  const platform = usePlatform();
  const [older, setOlder] = useState('');
  const [changes, setChanges] = useState<CourseChanges | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const compare = () => {
    setError(null);
    platform.authorDiff(older.trim(), course.dir).then(setChanges, (thrown) => {
      setChanges(null);
      setError(toApiError(thrown));
    });
  };
  return (
    <section className={styles.step}>
      <h2>{t('handout.compare')}</h2>
      <form
        className={styles.opener}
        onSubmit={(event) => {
          event.preventDefault();
          compare();
        }}
      >
        <PathField
          label={t('handout.older')}
          value={older}
          onChange={setOlder}
          onPick={() => platform.pickPath('folder', t('handout.older'))}
        />
        <Button type="submit" disabled={older.trim() === ''}>
          {t('handout.compareNow')}
        </Button>
      </form>
      {error && <ErrorNotice error={error} />}
      {changes && show(changes)}
    </section>
  );
}
