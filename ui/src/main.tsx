// Starts the page over the real shell.

import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { shellPlatform } from './platform/tauri';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
const firstLanguage = navigator.language.startsWith('zh') ? 'zh' : 'en';
createRoot(root).render(
  <App platform={shellPlatform()} today={new Date()} firstLanguage={firstLanguage} />,
);
