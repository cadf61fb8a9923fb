// Over the editor: files, whether they are saved, run or stop, check, and the menu of rarer things.

import {
  Check,
  CircleCheckBig,
  Copy,
  Ellipsis,
  EllipsisVertical,
  Footprints,
  History,
  Lightbulb,
  Play,
  RotateCcw,
  Share2,
  Square,
  Trash2,
  TriangleAlert,
  WrapText,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button';
import { IconButton } from '../../components/IconButton';
import { Menu, type MenuItem } from '../../components/Menu';
import { Tooltip } from '../../components/Tooltip';
import { Elapsed } from './Elapsed';
import { FileTabs } from './files/FileTabs';
import styles from './Toolbar.module.css';
import { STEP_KEY } from './use-commands';
import { useLasting } from './use-lasting';
import type { Workbench } from './use-workbench';

export interface ToolbarProps {
  bench: Workbench;
  panel: string;
  wrap: boolean;
  onWrap: () => void;
  onNew: () => void;
  /** A hint at the cursor; absent where there is no tutor. */
  onCursor?: () => void;
}

export function Toolbar({ bench, panel, wrap, onWrap, onNew, onCursor }: ToolbarProps) {
  const { t } = useTranslation('workbench');
  const shown = useLasting(bench.busy);
  return (
    <div className={styles.toolbar}>
      <FileTabs
        entries={bench.entries}
        path={bench.path}
        panel={panel}
        onOpen={(path) => bench.open(path)}
        onNew={onNew}
      />
      <SaveMark state={bench.save.kind} />
      <RunButton bench={bench} shown={shown} />
      {bench.hasInside && (
        <IconButton
          label={t('commands.stepThrough')}
          shortcut={STEP_KEY}
          disabled={shown !== null}
          onClick={bench.startSteps}
        >
          <Footprints aria-hidden />
        </IconButton>
      )}
      <Tooltip label={t('commands.check')} shortcut="Mod+Shift+Enter">
        <Button
          className={styles.action}
          icon={<CircleCheckBig aria-hidden />}
          disabled={shown !== null}
          onClick={bench.startCheck}
        >
          {t('actions.check')}
        </Button>
      </Tooltip>
      <Menu
        trigger={
          <IconButton label={t('actions.more')}>
            <EllipsisVertical aria-hidden />
          </IconButton>
        }
        items={useItems({ bench, wrap, onWrap, onCursor })}
      />
    </div>
  );
}

/** Quiet while all is well: an icon, and a word where there is room. */
function SaveMark({ state }: { state: Workbench['save']['kind'] }) {
  const { t } = useTranslation('workbench');
  const Icon = state === 'saved' ? Check : state === 'failed' ? TriangleAlert : Ellipsis;
  return (
    <span className={styles.save} data-state={state} title={t(`save.${state}`)}>
      <Icon aria-hidden />
      <span className={styles.word}>{t(`save.${state}`)}</span>
    </span>
  );
}

/** Run, and Stop while something goes on: one button, so that the focus stays where it is. */
function RunButton({ bench, shown }: { bench: Workbench; shown: Workbench['busy'] }) {
  const { t } = useTranslation('workbench');
  if (shown === null) {
    return (
      <Tooltip key="run" label={t('commands.run')} shortcut="Mod+Enter">
        <Button
          kind="primary"
          className={styles.action}
          icon={<Play aria-hidden />}
          onClick={bench.startRun}
        >
          {t('actions.run')}
        </Button>
      </Tooltip>
    );
  }
  const running = shown === 'run' ? bench.run.run : bench.check.check;
  return (
    <Tooltip key="run" label={t('commands.stop')} shortcut="Escape">
      <Button
        kind="danger"
        className={styles.action}
        icon={<Square aria-hidden fill="currentColor" />}
        aria-disabled={running.stopping}
        onClick={bench.stop}
      >
        {running.stopping ? t('actions.stopping') : t('actions.stop')}
        <Elapsed since={running.startedAt} />
      </Button>
    </Tooltip>
  );
}

function useItems(props: Pick<ToolbarProps, 'bench' | 'wrap' | 'onWrap' | 'onCursor'>): MenuItem[] {
  const { t } = useTranslation('workbench');
  const { bench, wrap, onWrap, onCursor } = props;
  const own = bench.entries.find(({ path }) => path === bench.path)?.origin === 'own';
  const hint: MenuItem[] = onCursor
    ? [
        {
          id: 'cursor',
          label: t('commands.cursorHint'),
          icon: <Lightbulb aria-hidden />,
          shortcut: 'Mod+Alt+H',
          onSelect: onCursor,
        },
      ]
    : [];
  return [
    ...hint,
    {
      id: 'wrap',
      label: t('actions.wrap'),
      icon: wrap ? <Check aria-hidden /> : <WrapText aria-hidden />,
      onSelect: onWrap,
    },
    {
      id: 'starter',
      label: t('actions.resetStarter'),
      icon: <RotateCcw aria-hidden />,
      onSelect: () => bench.reset('starter'),
    },
    {
      id: 'passed',
      label: t('actions.resetPassed'),
      icon: <History aria-hidden />,
      disabled: !bench.hasPassedVersion,
      onSelect: () => bench.reset('lastPassed'),
    },
    {
      id: 'share',
      label: t('share.save'),
      icon: <Share2 aria-hidden />,
      onSelect: bench.share,
    },
    {
      id: 'markdown',
      label: t('share.copy'),
      icon: <Copy aria-hidden />,
      onSelect: bench.copyMarkdown,
    },
    ...(own
      ? [
          {
            id: 'delete',
            label: t('files.delete', { path: bench.path }),
            icon: <Trash2 aria-hidden />,
            onSelect: () => bench.remove(bench.path),
          },
        ]
      : []),
  ];
}
