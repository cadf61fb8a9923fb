// Accessibility by machine: what axe calls serious or critical fails a test. Colours are left out:
// jsdom does not paint; tokens.test.ts computes their contrast.

import axe from 'axe-core';

export async function seriousFindings(root: Element = document.body): Promise<string[]> {
  const result = await axe.run(root, { rules: { 'color-contrast': { enabled: false } } });
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
