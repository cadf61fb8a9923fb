// A docsify folder, an mdBook or notebooks become a course: where from, where to, how far it is, and
// a report of what came along and what did not.

import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportEvent } from '../../bindings/ImportEvent';
import type { ImportKind } from '../../bindings/ImportKind';
import type { ImportSummary } from '../../bindings/ImportSummary';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { ErrorNotice } from '../../components/ErrorNotice';
import { SelectField } from '../../components/Field';
import { Notice } from '../../components/Notice';
import { PathField } from '../../components/PathField';
import { ProgressBar } from '../../components/ProgressBar';
import { type ApiError, toApiError } from '../../lib/api-error';
import { usePlatform } from '../../platform/context';
import styles from './Courses.module.css';
import { ImportReport } from './ImportReport';

export interface ImportDialogProps {
  open: boolean;
  onClose: () => void;
  /** The course that was made is to be looked at. */
  onMade: (dir: string) => void;
}

type Stage =
  | { at: 'asking'; error?: ApiError; stopped?: boolean }
  | { at: 'working'; job: string; progress: Extract<ImportEvent, { type: 'progress' }> | null }
  | { at: 'done'; report: ImportSummary; dir: string };

const KINDS: ImportKind[] = ['auto', 'docsify', 'mdbook', 'ipynb'];

export function ImportDialog({ open, onClose, onMade }: ImportDialogProps) {
  const { t } = useTranslation('courses');
  const platform = usePlatform();
  const [from, setFrom] = useState('');
  const [into, setInto] = useState('');
  const [kind, setKind] = useState<ImportKind>('auto');
  const [run, setRun] = useState(true);
  const [stage, setStage] = useState<Stage>({ at: 'asking' });
  const job = useRef<string | null>(null);
  const runs = useId();
  const dir = beside(from);
  // A dialog that goes away takes its work along.
  useEffect(() => () => void (job.current && platform.jobStop(job.current)), [platform]);

  function hear(dir: string, event: ImportEvent) {
    if (event.type === 'progress') {
      setStage((old) => (old.at === 'working' ? { ...old, progress: event } : old));
      return;
    }
    job.current = null;
    if (event.type === 'finished') setStage({ at: 'done', report: event.report, dir });
    if (event.type === 'stopped') setStage({ at: 'asking', stopped: true });
    if (event.type === 'failed') setStage({ at: 'asking', error: toApiError(event.error) });
  }
  function start() {
    const jobId = crypto.randomUUID();
    const target = (into || dir).trim();
    job.current = jobId;
    setInto(target);
    setStage({ at: 'working', job: jobId, progress: null });
    platform
      .importStart({ jobId, from: from.trim(), kind, into: target, run }, (events) => {
        for (const event of events) if (job.current === jobId) hear(target, event);
      })
      .catch((thrown) => setStage({ at: 'asking', error: toApiError(thrown) }));
  }
  function leave() {
    if (job.current) void platform.jobStop(job.current);
    job.current = null;
    setStage({ at: 'asking' });
    onClose();
  }

  return (
    <Dialog
      wide
      open={open}
      onClose={leave}
      title={t('import.title')}
      description={t('import.text')}
      actions={
        <Actions
          stage={stage}
          ready={from.trim() !== ''}
          onLeave={leave}
          onStart={start}
          onStop={() => stage.at === 'working' && void platform.jobStop(stage.job)}
          onMade={(dir) => {
            leave();
            onMade(dir);
          }}
        />
      }
    >
      {stage.at === 'asking' && (
        <div className={styles.stack}>
          {stage.error && <ErrorNotice error={stage.error} />}
          {stage.stopped && <Notice kind="info">{t('import.stopped')}</Notice>}
          <div>
            <PathField
              label={t('import.from')}
              help={t('import.fromHelp')}
              value={from}
              onChange={setFrom}
              onPick={() => platform.pickPath('folder', t('import.from'))}
            />
            <PathField
              label={t('import.into')}
              help={dir ? t('import.intoHelp', { dir }) : t('import.intoNew')}
              value={into}
              onChange={setInto}
              onPick={() => platform.pickPath('folder', t('import.into'))}
            />
            <SelectField
              label={t('import.kind')}
              value={kind}
              options={KINDS.map((value) => ({ value, label: t(`import.kinds.${value}`) }))}
              onChange={setKind}
            />
            <label className={styles.check} htmlFor={runs}>
              <input
                id={runs}
                type="checkbox"
                checked={run}
                onChange={(event) => setRun(event.target.checked)}
              />
              {t('import.run')}
            </label>
          </div>
        </div>
      )}
      {stage.at === 'working' && <Working progress={stage.progress} />}
      {stage.at === 'done' && <ImportReport report={stage.report} dir={stage.dir} />}
    </Dialog>
  );
}

/** The folder beside a book that its course goes to when nobody says otherwise. */
function beside(from: string): string {
  const path = from.trim().replace(/[/\\]+$/, '');
  return path === '' ? '' : `${path.replace(/\.ipynb$/i, '')}-course`;
}

function Working({ progress }: { progress: Extract<ImportEvent, { type: 'progress' }> | null }) {
  const { t } = useTranslation('courses');
  if (!progress) return <ProgressBar label={t('import.reading')} done={0} total={0} />;
  const { stage, done, total } = progress;
  return <ProgressBar label={t(`import.${stage}`, { done, total })} done={done} total={total} />;
}

interface ActionsProps {
  stage: Stage;
  ready: boolean;
  onLeave: () => void;
  onStart: () => void;
  onStop: () => void;
  onMade: (dir: string) => void;
}

function Actions({ stage, ready, onLeave, onStart, onStop, onMade }: ActionsProps) {
  const { t } = useTranslation(['courses', 'common']);
  if (stage.at === 'working') return <Button onClick={onStop}>{t('import.stop')}</Button>;
  return (
    <>
      <Button onClick={onLeave}>{t('common:close')}</Button>
      {stage.at === 'done' ? (
        <Button kind="primary" onClick={() => onMade(stage.dir)}>
          {t('import.look')}
        </Button>
      ) : (
        <Button kind="primary" disabled={!ready} onClick={onStart}>
          {t('import.start')}
        </Button>
      )}
    </>
  );
}
