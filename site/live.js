// Tells the reader of a lesson in JupyterLab, at the foot of the page, whether Python is there yet
// and what to do where it is not. site/live.py puts this script into the page.
const CHINESE = location.pathname.includes('/lab-zh_CN');
const WORDS = {
  loading: ['Python is starting in this tab. The first start loads about 40 MB (lesson 08: 70 MB) and takes up to a minute.',
    'Python 正在这个标签页里启动。第一次要下载大约 40 MB（08 要下载 70 MB），最多一分钟。'],
  failed: ['Python, or one of its modules, has not been loaded: reload this page. If that does not help, run or download the lesson from ',
    'Python 或它的某个模块没有加载成功：请重新加载本页。如果还不行，请换一种方式运行或下载：'],
  page: ['its own page', '本课的网页'],
  ready: ['Python runs in this tab. What you save stays in this browser; File → Download takes it with you. A loop that does not end: Kernel → Restart Kernel…',
    'Python 就在这个标签页里运行。保存的内容只留在这个浏览器里，用“文件 → 下载”可以带走。循环停不下来时：“内核 → 重启内核…”'],
  older: ['This is the copy that you saved; the lesson has changed since. To get the new one, download yours (File → Download), delete it in the list of files (right click → Delete) and open the lesson from its page again.',
    '这是你保存过的副本，而这一课后来改过了。想要新的：先用“文件 → 下载”留下自己的，再在文件列表里删掉它（右键 → 删除），然后从本课的网页重新打开。'],
};
const strip = document.createElement('div');
strip.id = 'told';
strip.lang = CHINESE ? 'zh-CN' : 'en';
strip.role = 'status';
strip.style = 'position: fixed; z-index: 10000; inset: auto 0 0 0; padding: 6px 12px; color: #111;'
  + 'background: #fff3c4; border-top: 1px solid #8f6400; font: 14px/1.4 system-ui, sans-serif';
document.body.append(strip);

// The notebook that is open, once there is one.
function opened() {
  const shown = [...window.jupyterapp?.shell.widgets('main') ?? []];
  return shown.find((widget) => widget.content?.notebookConfig);
}

function tell(what) {
  if (strip.dataset.told === what) return;
  strip.dataset.told = what;
  const close = Object.assign(document.createElement('button'), {textContent: 'OK'});
  close.onclick = () => strip.remove();
  const link = Object.assign(document.createElement('a'), {textContent: WORDS.page[+CHINESE]});
  link.style = 'text-decoration: underline'; // which JupyterLab takes away
  const asked = new URLSearchParams(location.search).get('path') ?? '';
  const path = opened()?.context.path ?? asked;
  link.href = '../../' + path.replace('notebooks/', '').replace('.ipynb', '.html');
  strip.replaceChildren(WORDS[what][+CHINESE], ...(what === 'failed' ? [link] : []), ' ', close);
}

async function watch(panel) {
  panel.sessionContext.iopubMessage.connect((_, message) => {
    if (/ModuleNotFoundError/.test(message.content.ename)) tell('failed');
  });
  await panel.context.ready;
  const edition = panel.content.model.getMetadata('edition');
  // "no-cache": ask whether the browser's copy is still the published one.
  const answer = await fetch(`../files/${panel.context.path}`, {cache: 'no-cache'});
  const published = answer.ok && (await answer.json()).metadata.edition;
  const older = edition && published && edition !== published;
  for (let waited = 0; panel.sessionContext.session?.kernel?.status !== 'idle'; waited += 0.5) {
    if (waited > 120) tell('failed');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  tell(older ? 'older' : 'ready');
}

tell('loading');
fetch('../static/pyodide/pyodide.asm.wasm', {method: 'HEAD'})
  .then((answer) => answer.ok || tell('failed'), () => tell('failed'));
const waiting = setInterval(() => {
  if (opened()) {
    clearInterval(waiting);
    watch(opened());
  }
}, 500);
