// Two versions of one file side by side, over the editor's place.

import { useEffect, useRef, useState } from 'react';
import { spokenLanguage } from '../../../lib/i18n';
import styles from './CodeEditor.module.css';
import { loadEditor } from './load';
import type { DiffPort, EditorLook } from './port';

export interface DiffViewProps {
  path: string;
  before: string;
  after: string;
  look: EditorLook;
}

export function DiffView({ path, before, after, look }: DiffViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const [port, setPort] = useState<DiffPort | null>(null);
  const firstLook = useRef(look);

  useEffect(() => {
    const created: { port?: DiffPort; gone: boolean } = { gone: false };
    // The editor beside this one has loaded the module, or says why it could not.
    loadEditor(spokenLanguage()).then(
      (module) => {
        if (created.gone || !host.current) return;
        created.port = module.createDiff(host.current, firstLook.current);
        setPort(created.port);
      },
      () => undefined,
    );
    return () => {
      created.gone = true;
      created.port?.dispose();
      setPort(null);
    };
  }, []);

  useEffect(() => port?.show(path, before, after), [port, path, before, after]);
  useEffect(() => port?.look(look), [port, look]);

  return (
    <div className={styles.frame}>
      <div ref={host} className={styles.host} />
    </div>
  );
}
