// One entry of the history over the editor's place: its files beside the ones now, what it
// printed, and the way back.

import { RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryDetail } from '../../../bindings/HistoryDetail';
import type { Language } from '../../../bindings/Language';
import { Button } from '../../../components/Button';
import { ErrorNotice } from '../../../components/ErrorNotice';
import { IconButton } from '../../../components/IconButton';
import { spokenLanguage } from '../../../lib/i18n';
import { useLoad } from '../../../lib/load';
import { usePlatform } from '../../../platform/context';
import { CheckResults } from '../checks/CheckResults';
import { DiffView } from '../editor/DiffView';
import { OverEditor } from '../editor/OverEditor';
import type { EditorLook } from '../editor/port';
import type { WorkFiles } from '../files/work-files';
import { PlainOutput } from '../output/PlainOutput';
import { timeText } from '../words';
import { FilePicker } from './FilePicker';
import styles from './VersionView.module.css';

export interface VersionViewProps {
  id: string;
  files: WorkFiles;
  look: EditorLook;
  language: Language;
  onRestore: () => void;
  onClose: () => void;
  onOpen: (path: string, line: number) => void;
}

export function VersionView(props: VersionViewProps) {
  const { t } = useTranslation('workbench');
  const platform = usePlatform();
  const detail = useLoad(props.id, () => platform.historyGet(props.id));
  return (
    <OverEditor key={props.id} label={t('history.label')} onClose={props.onClose}>
      {detail.error && (
        <ErrorNotice
          error={detail.error}
          actions={<Button onClick={props.onClose}>{t('history.close')}</Button>}
        />
      )}
      {!detail.error && !detail.value && <p className={styles.note}>{t('history.loading')}</p>}
      {detail.value && <Loaded {...props} detail={detail.value} />}
    </OverEditor>
  );
}

function Loaded({ detail, files, ...props }: VersionViewProps & { detail: HistoryDetail }) {
  const { t } = useTranslation('workbench');
  const [chosen, setChosen] = useState<string | null>(null);
  const now = files.learnerFiles();
  const paths = [...new Set([...detail.files, ...now].map(({ path }) => path))];
  const textIn = (all: { path: string; text: string }[], path: string) =>
    all.find((file) => file.path === path)?.text;
  // The first file that changed is the one worth looking at.
  const changed = paths.find((path) => textIn(detail.files, path) !== textIn(now, path));
  const path = chosen ?? changed ?? paths[0] ?? '';
  const before = textIn(detail.files, path);
  const after = textIn(now, path);
  const time = timeText(detail.entry.at, Date.now(), spokenLanguage());
  return (
    <>
      <div className={styles.bar}>
        <FilePicker paths={paths} path={path} onChoose={setChosen} />
        <p className={styles.text}>
          {before === undefined
            ? t('history.missing', { path })
            : before === after
              ? t('history.same', { path })
              : t('history.compare', { path, time })}
        </p>
        <Button icon={<RotateCcw aria-hidden />} onClick={props.onRestore}>
          {t('history.restore')}
        </Button>
        <IconButton label={t('history.close')} onClick={props.onClose}>
          <X aria-hidden />
        </IconButton>
      </div>
      <div className={styles.diff}>
        <DiffView path={path} before={before ?? ''} after={after ?? ''} look={props.look} />
      </div>
      {detail.results.length > 0 && (
        <details className={styles.printed}>
          <summary>{t('history.checked')}</summary>
          <CheckResults
            results={detail.results}
            language={props.language}
            files={paths}
            onOpen={props.onOpen}
          />
        </details>
      )}
      {detail.outputHead !== '' && (
        <details className={styles.printed}>
          <summary>{t('history.printed')}</summary>
          <PlainOutput
            text={detail.outputHead}
            label={t('history.printed')}
            files={paths}
            onOpen={props.onOpen}
          />
        </details>
      )}
    </>
  );
}
