// The diagram renderer: a chunk of its own, loaded by lessons that have diagrams.

import mermaid from 'mermaid';
import type { ShownTheme } from '../../lib/theme';

let drawn = 0;

/** The tokens of the page as Mermaid wants them; it computes with colours, so no `var()`. */
function variables(): Record<string, string> {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    background: token('--bg'),
    primaryColor: token('--accent-soft'),
    primaryBorderColor: token('--accent'),
    nodeBorder: token('--accent'),
    dropShadow: 'none',
    primaryTextColor: token('--text'),
    secondaryColor: token('--bg-sunken'),
    tertiaryColor: token('--bg-sunken'),
    lineColor: token('--text-muted'),
    textColor: token('--text'),
    edgeLabelBackground: token('--bg'),
    fontFamily: token('--font-ui'),
    fontSize: '14px',
  };
}

/** The picture as SVG; `null` when the source is not a diagram. */
export async function drawDiagram(source: string, theme: ShownTheme): Promise<string | null> {
  drawn += 1;
  try {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      htmlLabels: false,
      suppressErrorRendering: true,
      look: 'classic',
      layout: 'dagre',
      theme: 'base',
      darkMode: theme === 'dark',
      themeVariables: variables(),
    });
    return (await mermaid.render(`diagram-${drawn}`, source)).svg;
  } catch {
    return null;
  }
}
