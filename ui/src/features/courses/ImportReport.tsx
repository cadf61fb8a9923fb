// What an import brought along and what it did not: lessons, images, links, and what the blocks of
// code need.

import { useTranslation } from 'react-i18next';
import type { CodeSummary } from '../../bindings/CodeSummary';
import type { ImportSummary } from '../../bindings/ImportSummary';
import { Notice } from '../../components/Notice';
import { TextList } from '../../components/TextList';
import { told } from '../../lib/i18n';
import styles from './Courses.module.css';

export function ImportReport({ report, dir }: { report: ImportSummary; dir: string }) {
  const { t } = useTranslation('courses');
  const { missingImages, deadLinks, linked, leftOut, changed, gone } = report;
  const isWhole = [missingImages, deadLinks, linked, leftOut, changed].every(
    (lines) => lines.length === 0,
  );
  return (
    <div className={styles.stack}>
      <Notice kind={isWhole ? 'ok' : 'warn'} title={t(isWhole ? 'report.whole' : 'report.part')}>
        <p>{t('report.where', { dir })}</p>
      </Notice>
      <dl className={styles.facts}>
        <dt>{t('report.lessons')}</dt>
        <dd>
          {t('report.lessonsIn', {
            lessons: report.lessons,
            chapters: report.chapters,
            chinese: report.chinese,
            english: report.english,
          })}
        </dd>
        {report.known > 0 && <dt>{t('report.known')}</dt>}
        {report.known > 0 && <dd>{t('report.knownText', { known: report.known })}</dd>}
        <dt>{t('report.license')}</dt>
        <dd>{report.license || t('report.noLicense')}</dd>
        <dt>{t('report.images')}</dt>
        <dd>
          {t('report.imagesText', {
            images: report.images,
            missing: missingImages.length,
            remote: report.remoteImages,
          })}
        </dd>
      </dl>
      <Code code={report.code} />
      <div>
        <TextList
          title={t('report.missing', { number: missingImages.length })}
          lines={missingImages}
        />
        <TextList
          title={t('report.dead', { number: deadLinks.length })}
          lines={deadLinks.map(told)}
        />
        <TextList
          title={t('report.fails', { number: report.code.fails.length })}
          lines={report.code.fails.map(told)}
        />
        <TextList title={t('report.linked', { number: linked.length })} lines={linked} />
        <TextList
          title={t('report.leftOut', { number: leftOut.length })}
          lines={leftOut.map(told)}
        />
        <TextList
          title={t('report.changed', { number: changed.length })}
          lines={changed.map(told)}
        />
        <TextList title={t('report.gone', { number: gone.length })} lines={gone} />
      </div>
    </div>
  );
}

const NEEDS = ['runs', 'needsEarlier', 'withPackages', 'needsNetwork', 'needsKey'] as const;

function Code({ code }: { code: CodeSummary }) {
  const { t } = useTranslation('courses');
  const packages = Object.entries(code.needsPackages)
    .sort(([, a = 0], [, b = 0]) => b - a)
    .map(([name, blocks]) => `${name} (${blocks})`);
  const rows: [string, number][] = [
    ...NEEDS.map((need): [string, number] => [t(`report.code.${need}`), code[need]]),
    [t('report.code.fails'), code.fails.length],
    [t('report.code.notRun'), code.notRun],
    [t('report.code.other'), code.other],
  ];
  return (
    <section>
      <h3 className={styles.heading}>{t('report.code.title')}</h3>
      <ul className={styles.plain}>
        {rows
          .filter(([, blocks]) => blocks > 0)
          .map(([what, blocks]) => (
            <li key={what}>
              {what}: {blocks}
            </li>
          ))}
      </ul>
      {packages.length > 0 && (
        <p className={styles.muted}>
          {t('report.code.packages', { packages: packages.join(', ') })}
        </p>
      )}
    </section>
  );
}
