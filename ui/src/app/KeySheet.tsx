// All keys at a glance, from the registry itself.

import { useTranslation } from 'react-i18next';
import { Dialog } from '../components/Dialog';
import { Keys } from '../components/Keys';
import { type CommandGroup, useAllCommands } from '../lib/commands';
import { say, spokenLanguage } from '../lib/i18n';
import styles from './KeySheet.module.css';

// Keys that the editor, the output and the lesson's text handle themselves.
const ELSEWHERE = [
  { id: 'editor.leave', label: 'common:keys.leaveEditor', key: 'Escape', group: 'code' },
  { id: 'editor.tab', label: 'common:keys.tabMoves', key: 'Mod+M', group: 'code' },
  { id: 'output.end', label: 'common:keys.endInput', key: 'Mod+D', group: 'code' },
  { id: 'cell.run', label: 'common:keys.runCell', key: 'Shift+Enter', group: 'lesson' },
] as const;

const GROUPS: CommandGroup[] = ['general', 'lesson', 'code', 'panes'];

export function KeySheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation('common');
  return (
    <Dialog
      wide
      open={open}
      onClose={onClose}
      title={t('keys.title')}
      description={t('keys.plain')}
    >
      <Groups />
    </Dialog>
  );
}

/** The registry is heard only while the sheet is open. */
function Groups() {
  const { t } = useTranslation('common');
  const commands = useAllCommands();
  const language = spokenLanguage();
  return (
    <div className={styles.groups}>
      {GROUPS.map((group) => {
        const keyed = [...commands, ...ELSEWHERE].filter(
          (command) => command.group === group && command.key,
        );
        if (keyed.length === 0) return null;
        return (
          <section key={group} aria-labelledby={`keys-${group}`}>
            <h3 id={`keys-${group}`} className={styles.heading}>
              {t(`keys.group.${group}`)}
            </h3>
            <dl className={styles.list}>
              {keyed.map(({ id, label, key }) => (
                <div key={id} className={styles.row}>
                  <dt>{say(label, language)}</dt>
                  <dd>
                    <Keys of={key ?? ''} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
    </div>
  );
}
