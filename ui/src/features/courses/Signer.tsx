// Who signed a bundle and what follows: trust on first use, and a loud word when it is another one.

import { useTranslation } from 'react-i18next';
import type { BundleView } from '../../bindings/BundleView';
import { CheckField } from '../../components/Field';
import { Notice, type NoticeKind } from '../../components/Notice';
import styles from './Courses.module.css';

const KINDS: Record<BundleView['trust'], NoticeKind> = {
  same: 'ok',
  first: 'info',
  unsigned: 'warn',
  changed: 'bad',
  dropped: 'bad',
  notTheApp: 'bad',
};

/** Whether nothing is installed before the learner says that this one is meant. */
export function isOdd(trust: BundleView['trust']): boolean {
  return KINDS[trust] === 'bad';
}

export interface SignerProps {
  bundle: BundleView;
  trusted: boolean;
  onTrusted: (trusted: boolean) => void;
}

export function Signer({ bundle, trusted, onTrusted }: SignerProps) {
  const { t } = useTranslation('courses');
  const { trust, signer, knownSigner } = bundle;
  const odd = isOdd(trust);
  return (
    <Notice kind={KINDS[trust]} title={t(`trust.${trust}.title`)}>
      <p>{t(`trust.${trust}.text`)}</p>
      {odd && knownSigner && (
        <p>
          {t('trust.before')} <code className={styles.key}>{knownSigner}</code>
        </p>
      )}
      {signer && (
        <p>
          {t('trust.now')} <code className={styles.key}>{signer}</code>
        </p>
      )}
      {odd && <CheckField label={t('trust.mean')} value={trusted} onChange={onTrusted} />}
    </Notice>
  );
}
