// One line of output: colours, the stream it came from, and a link where a traceback names a file.

import { type CSSProperties, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../lib/i18n';
import { sizeText } from '../words';
import { cut, type Line, lineText, type Span } from './line-model';
import styles from './OutputLine.module.css';
import { type Colour, PLAIN, type Style } from './sgr';
import { frameLink } from './traceback';

/** Longer lines are cut in view (not in Copy and Save): a web view lays out no endless line. */
export const MAX_SHOWN = 4000;

export interface OutputLineProps {
  line: Line;
  files: readonly string[];
  onOpen: (path: string, line: number) => void;
}

export const OutputLine = memo(function OutputLine({ line, files, onOpen }: OutputLineProps) {
  const { t } = useTranslation('workbench');
  if (line.leftOut !== undefined) {
    return (
      <div className={styles.gap}>
        {t('output.leftOut', { size: sizeText(line.leftOut, spokenLanguage()) })}
      </div>
    );
  }
  const text = lineText(line);
  const link = text.includes('File "') ? frameLink(text, files) : null;
  const shown = Math.min(text.length, MAX_SHOWN);
  const broken = line.spans.some(({ stream }) => stream === 'stderr');
  return (
    <div className={broken ? `${styles.line} ${styles.stderr}` : styles.line}>
      {link ? (
        <>
          <Spans spans={cut(line.spans, 0, link.start)} />
          <button
            type="button"
            className={styles.link}
            title={t('output.goTo', { path: link.path, line: link.line })}
            onClick={() => onOpen(link.path, link.line)}
          >
            {text.slice(link.start, link.end)}
          </button>
          <Spans spans={cut(line.spans, link.end, shown)} />
        </>
      ) : (
        <Spans spans={shown < text.length ? cut(line.spans, 0, shown) : line.spans} />
      )}
      {shown < text.length && (
        <span className={styles.more}>{t('output.longLine', { count: text.length - shown })}</span>
      )}
    </div>
  );
});

function Spans({ spans }: { spans: readonly Span[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: spans have no other identity than their place
  return spans.map((span, at) => <StyledSpan key={at} span={span} />);
}

function StyledSpan({ span }: { span: Span }) {
  if (span.stream === 'stdin') return <span className={styles.typed}>{span.text}</span>;
  if (span.style === PLAIN) return span.text;
  return <span style={css(span.style)}>{span.text}</span>;
}

function css(style: Style): CSSProperties {
  const lines = [style.underline && 'underline', style.strike && 'line-through'].filter(Boolean);
  const look: CSSProperties = {
    fontWeight: style.bold ? 700 : undefined,
    opacity: style.dim ? 0.75 : undefined,
    fontStyle: style.italic ? 'italic' : undefined,
    textDecoration: lines.length > 0 ? lines.join(' ') : undefined,
  };
  if (style.inverse) {
    look.color = style.bg === null ? 'var(--bg)' : solid(style.bg);
    look.backgroundColor = style.fg === null ? 'var(--text)' : solid(style.fg);
  } else {
    if (style.fg !== null) look.color = solid(style.fg);
    if (style.bg !== null) look.backgroundColor = tint(style.bg);
  }
  return look;
}

function solid(colour: Colour): string {
  return typeof colour === 'number' ? `var(--ansi-${colour})` : colour;
}

/** Palette backgrounds are thinned, so that any text stays readable on them. */
function tint(colour: Colour): string {
  return typeof colour === 'number'
    ? `color-mix(in srgb, var(--ansi-${colour}) 24%, var(--bg))`
    : colour;
}
