// What the journeys ask the page. Elements are found as a screen reader finds them: by role and
// accessible name, and only when they can be seen.
(() => {
  if (window.journey) return

  const SELECTORS = {
    button: 'button, [role=button], summary',
    checkbox: 'input[type=checkbox], [role=checkbox], [role=switch]',
    dialog: '[role=dialog], [role=alertdialog]',
    heading: 'h1, h2, h3, h4, [role=heading]',
    link: 'a[href], [role=link]',
    menuitem: '[role=menuitem], [role=menuitemcheckbox], [role=menuitemradio]',
    option: 'option, [role=option]',
    radio: 'input[type=radio], [role=radio]',
    region: 'main, nav, aside, section, [role]',
    slider: 'input[type=range]',
    tab: '[role=tab]',
    table: 'table',
    textbox: 'input:not([type=checkbox]):not([type=radio]), textarea, [role=textbox]',
    combobox: 'select, [role=combobox]',
    treeitem: '[role=treeitem]',
  }

  const drawn = (element) =>
    element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true })
  const seen = (element) => drawn(element) && !element.closest('[inert], [aria-hidden=true]')

  const textOf = (element) => (element.innerText ?? element.textContent ?? '').replace(/\s+/g, ' ').trim()

  function nameOf(element) {
    const label = element.getAttribute('aria-label')
    if (label) return label.trim()
    const ids = element.getAttribute('aria-labelledby')
    if (ids) return ids.split(' ').map((id) => textOf(document.getElementById(id) ?? element)).join(' ')
    if (element.labels?.length) return textOf(element.labels[0])
    return textOf(element) || element.getAttribute('placeholder') || element.title || ''
  }

  /** The one with this name; else the first whose name begins with it. */
  function find(role, name) {
    const all = [...document.querySelectorAll(SELECTORS[role] ?? role)].filter(seen)
    return (
      all.find((element) => nameOf(element) === name) ??
      all.find((element) => nameOf(element).startsWith(name)) ??
      null
    )
  }

  const errors = []
  window.addEventListener('error', (event) => {
    // Observers that need another frame are not an error, though browsers report them as one.
    if (!String(event.message).startsWith('ResizeObserver loop')) errors.push(`error: ${event.message}`)
  })
  // The editor gives up work that nobody waits for any more (a completion, a comparison that was
  // closed) by rejecting it in these words.
  const GIVEN_UP = ['Canceled', 'no diff result available']
  window.addEventListener('unhandledrejection', ({ reason }) => {
    if (GIVEN_UP.includes(reason?.message)) return
    errors.push(`unhandled rejection: ${reason?.message ?? JSON.stringify(reason)} ${reason?.stack}`)
  })
  document.addEventListener('securitypolicyviolation', (event) => {
    errors.push(`policy violation: ${event.effectiveDirective} ${event.blockedURI}`)
  })
  // Violations from before this script came are buffered for us.
  new ReportingObserver(
    (reports) => {
      for (const { body } of reports) errors.push(`policy violation: ${body.effectiveDirective} ${body.blockedURL}`)
    },
    { types: ['csp-violation'], buffered: true },
  ).observe()

  window.journey = {
    find,
    errors,
    names: (role) => [...document.querySelectorAll(SELECTORS[role] ?? role)].filter(seen).map(nameOf),
    text: () => document.body.innerText,
    textIn: (role, name) => find(role, name)?.innerText ?? '',
    /** The editor's lines that are on the screen, in order. */
    code: () =>
      [...document.querySelectorAll('.monaco-editor .view-lines .view-line')]
        .filter(drawn)
        .map((line) => [line.getBoundingClientRect().top, line.textContent.replaceAll('\u00a0', ' ')])
        .sort(([a], [b]) => a - b)
        .map(([, text]) => text)
        .join('\n'),
    /** Whether they have this text; where lines wrap does not matter. */
    codeHas: (text) => journey.code().replace(/\s/g, '').includes(text.replace(/\s/g, '')),
    /** Pastes into what has the focus, as Ctrl+V does with this text on the clipboard. */
    paste(text) {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      document.activeElement.dispatchEvent(event)
    },
  }
})()
