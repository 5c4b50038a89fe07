/** Violations that axe finds on a page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const rules = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations of WCAG 2.2 A and AA in the page's current state, light and dark, and contrasts that the rules cannot determine. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // It stays on a page until the next document.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(rules);
  const problems: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }; // evaluated just before
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations, incomplete } = await axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        // Nothing is written about each element that passes, and no selector is searched for those that do not.
        resultTypes: ['violations', 'incomplete'],
        selectors: false,
      });
      const contrasts = incomplete.filter(({ id }) => id === 'color-contrast');
      return [...violations, ...contrasts].flatMap(({ id, nodes }) =>
        nodes.map(({ html, any }) => `${id}: ${html} ${JSON.stringify(any[0]?.data)}`),
      );
    });
    problems.push(...found.map((problem) => `${colorScheme} ${problem}`));
  }
  return problems;
}
