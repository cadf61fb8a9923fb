// Starts the page over the real shell.

import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { shellPlatform } from './platform/tauri';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
// Gaps between Chinese and Latin. WebKitGTK 2.50 has them too, and draws them in wrong places where two fonts
// meet: digits over each other, and no blank where the author wrote one.
if (!/linux/i.test(navigator.platform)) document.documentElement.dataset.autospace = '';
const firstLanguage = navigator.language.startsWith('zh') ? 'zh' : 'en';
createRoot(root).render(
  <App platform={shellPlatform()} today={new Date()} firstLanguage={firstLanguage} />,
);
