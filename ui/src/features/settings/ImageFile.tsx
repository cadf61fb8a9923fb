// The image of the sandbox as a file, for a computer without network: the learner chooses it, the app
// keeps a copy of its own.

import { FolderOpen } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { Field } from '../../components/Field';
import { type ApiError, toApiError } from '../../lib/api-error';
import { usePlatform } from '../../platform/context';
import styles from './SettingsDialog.module.css';

export interface ImageFileProps {
  /** Where the copy lies, when there is one. */
  chosen: string | null;
  onChanged: () => void;
}

export function ImageFile({ chosen, onChanged }: ImageFileProps) {
  const { t } = useTranslation('settings');
  const platform = usePlatform();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);

  async function take(archive: () => Promise<Uint8Array>) {
    setBusy(true);
    setFailure(null);
    try {
      await platform.engineImage(await archive());
    } catch (thrown) {
      setFailure(toApiError(thrown));
    }
    setBusy(false);
    onChanged();
  }

  return (
    <>
      <Field label={t('engine.image')} help={t('engine.imageHelp')}>
        {(ids) => (
          <>
            <Button
              {...ids}
              icon={<FolderOpen aria-hidden />}
              disabled={busy}
              onClick={() => input.current?.click()}
            >
              {t(busy ? 'engine.imageCopying' : 'engine.imageChoose')}
            </Button>
            {chosen && (
              <Button disabled={busy} onClick={() => void take(async () => new Uint8Array())}>
                {t('engine.imageForget')}
              </Button>
            )}
          </>
        )}
      </Field>
      <input
        ref={input}
        type="file"
        accept=".zst"
        hidden
        data-testid="image-file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file may be chosen again after it failed.
          event.target.value = '';
          if (file) void take(async () => new Uint8Array(await file.arrayBuffer()));
        }}
      />
      {chosen && <p className={styles.small}>{t('engine.imageAt', { path: chosen })}</p>}
      {failure && <ErrorNotice error={failure} />}
    </>
  );
}
