// Tells the reader of a lesson in JupyterLab, at the foot of the page, whether Python is there yet
// and what to do where it is not. site/live.py puts this script into the page, after its words.
const strip = document.getElementById('told');
strip.style = 'position: fixed; z-index: 10000; inset: auto 0 0 0; padding: 6px 12px; color: #111;'
  + 'background: #fff3c4; border-top: 1px solid #8f6400; font: 14px/1.4 system-ui, sans-serif';

// The notebook that is open, once there is one.
function opened() {
  const shown = [...window.jupyterapp?.shell.widgets('main') ?? []];
  return shown.find((widget) => widget.content?.notebookConfig);
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, 500));
}

function tell(what) {
  strip.dataset.told = what;
  const close = Object.assign(document.createElement('button'), {textContent: 'OK'});
  close.onclick = () => strip.remove();
  const link = Object.assign(document.createElement('a'), {textContent: window.WORDS.page});
  link.style = 'text-decoration: underline'; // which JupyterLab takes away
  const asked = new URLSearchParams(location.search).get('path') ?? '';
  const path = opened()?.context.path ?? asked;
  link.href = '../../' + path.replace('notebooks/', '').replace('.ipynb', '.html');
  strip.replaceChildren(window.WORDS[what], ...(what === 'failed' ? [link] : []), ' ', close);
}

async function watch() {
  while (!opened()) await pause();
  const panel = opened();
  panel.sessionContext.iopubMessage.connect((_, message) => {
    if (/ModuleNotFoundError/.test(message.content.ename)) tell('failed');
  });
  await panel.context.ready;
  const edition = panel.content.model.getMetadata('edition');
  // "no-cache": ask whether the browser's copy is still the published one.
  const answer = await fetch(`../files/${panel.context.path}`, {cache: 'no-cache'});
  const published = answer.ok && (await answer.json()).metadata.edition;
  const older = edition && published && edition !== published;
  const late = setTimeout(() => tell('failed'), 120_000);
  while (panel.sessionContext.session?.kernel?.status !== 'idle') await pause();
  clearTimeout(late);
  tell(older ? 'older' : 'ready');
}

tell('loading');
fetch('../static/pyodide/pyodide.asm.wasm', {method: 'HEAD'})
  .then((answer) => answer.ok || tell('failed'), () => tell('failed'));
watch();
