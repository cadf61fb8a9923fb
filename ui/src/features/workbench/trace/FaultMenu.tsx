// Something goes wrong on purpose in the next run, so that an agent can learn to go on: what, and at
// which call of the model.

import { Zap } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArmedFault } from '../../../bindings/ArmedFault';
import type { FaultKind } from '../../../bindings/FaultKind';
import { Button } from '../../../components/Button';
import styles from './FaultMenu.module.css';

const KINDS: readonly FaultKind[] = [
  'callFails',
  'slow',
  'malformedAction',
  'twoActions',
  'endless',
];
const MOST_CALLS = 50;

export interface FaultMenuProps {
  armed: ArmedFault | null;
  onArm: (fault: ArmedFault | null) => void;
}

export function FaultMenu({ armed, onArm }: FaultMenuProps) {
  const { t } = useTranslation('workbench');
  const [kind, setKind] = useState<FaultKind>('callFails');
  const [call, setCall] = useState(1);
  const [kindId, callId] = [useId(), useId()];
  const name = armed
    ? t('faults.armed', { fault: t(`faults.${armed.kind}`), call: armed.atCall })
    : t('faults.open');
  return (
    <Popover.Root>
      <Popover.Trigger className={styles.trigger} data-armed={armed !== null}>
        <Zap aria-hidden />
        {name}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.menu} sideOffset={6} collisionPadding={8}>
          <p>{t('faults.text')}</p>
          <label htmlFor={kindId}>{t('faults.kind')}</label>
          <select
            id={kindId}
            value={kind}
            onChange={(event) => setKind(event.target.value as FaultKind)}
          >
            {KINDS.map((known) => (
              <option key={known} value={known}>
                {t(`faults.${known}`)}
              </option>
            ))}
          </select>
          <label htmlFor={callId}>{t('faults.call')}</label>
          <input
            id={callId}
            type="number"
            min={1}
            max={MOST_CALLS}
            value={call}
            onChange={({ target: { valueAsNumber: next } }) => {
              if (Number.isInteger(next) && next >= 1 && next <= MOST_CALLS) setCall(next);
            }}
          />
          <div className={styles.buttons}>
            {armed && (
              <Popover.Close asChild>
                <Button onClick={() => onArm(null)}>{t('faults.disarm')}</Button>
              </Popover.Close>
            )}
            <Popover.Close asChild>
              <Button kind="primary" onClick={() => onArm({ kind, atCall: call })}>
                {t('faults.arm')}
              </Button>
            </Popover.Close>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
