// Tells the reader of a lesson in JupyterLab, at the foot of the page, whether Python is there yet
// and what to do where it is not. site/live.py puts this script into the page.
const WORDS = {
  en: {
    loading: 'Python is starting in this tab. The first start loads about 40 MB and takes up to a minute.',
    failed: 'Python has not started: reload this page. If that does not help, run or download the lesson from',
    page: 'its own page',
    missing: 'A module is missing. If the lesson imports it, it was not loaded: reload this page.',
    ready: 'Python runs in this tab. What you save stays in this browser; File → Download takes it with you. A loop that never ends: Kernel → Restart Kernel….',
    older: 'This is the copy that you saved; the lesson has changed since. To get the new one, download yours (File → Download), delete it in the list of files (right click → Delete), and open the lesson again.',
    close: 'Close',
  },
  zh: {
    loading: 'Python 正在这个标签页里启动。第一次要下载大约 40 MB，最多一分钟。',
    failed: 'Python 没有启动：请重新加载本页。如果还不行，请换一种方式运行或下载，见',
    page: '本课的网页',
    missing: '缺少一个模块。如果是本课导入的，那就是没有加载成功：请重新加载本页。',
    ready: 'Python 就在这个标签页里运行。保存的内容只留在这个浏览器里，用“文件 → 下载”可以带走。循环停不下来时：“内核 → 重启内核……”。',
    older: '这是你保存过的副本，而这一课后来改过了。想要新的：先用“文件 → 下载”留下自己的，再在文件列表里删掉它（右键 → 删除），然后重新打开这一课。',
    close: '关闭',
  },
};
const asked = new URLSearchParams(location.search).get('path') ?? '';
const chinese = /\/lab-zh_CN\/(?:index\.html)?$/.test(location.pathname);
const words = WORDS[chinese ? 'zh' : 'en'];
const strip = document.createElement('div');
strip.id = 'told';
strip.lang = chinese ? 'zh-CN' : 'en';
strip.setAttribute('role', 'status');
strip.style.cssText = 'position: fixed; z-index: 10000; inset: auto 0 0 0; padding: 6px 12px; color: #111;'
  + 'background: #fff3c4; border-top: 1px solid #a67c00; font: 14px/1.4 system-ui, sans-serif';

function tell(what, path = asked) {
  if (strip.dataset.told === what) return;
  strip.dataset.told = what;
  strip.textContent = words[what] + ' ';
  if (what === 'failed') {
    const link = strip.appendChild(document.createElement('a'));
    link.href = '../../' + path.replace(/^notebooks\//, '').replace(/\.ipynb$/, '.html');
    link.textContent = words.page;
  }
  const close = strip.appendChild(document.createElement('button'));
  close.textContent = words.close;
  close.onclick = () => strip.remove();
  document.body.append(strip);
}

// The notebook that is open, once there is one.
function opened() {
  const shown = [...window.jupyterapp?.shell.widgets('main') ?? []];
  return shown.find((widget) => widget.content?.notebookConfig);
}

async function watch(panel) {
  const path = panel.context.path;
  panel.sessionContext.iopubMessage.connect((_, message) => {
    if (/ModuleNotFoundError/.test(message.content.ename)) tell('missing');
  });
  await panel.context.ready;
  const edition = panel.content.model.getMetadata('edition');
  const answer = await fetch(`../files/${path}`);
  const published = answer.ok && (await answer.json()).metadata.edition;
  const last = edition && published && edition !== published ? 'older' : 'ready';
  for (let waited = 0; panel.sessionContext.session?.kernel?.status !== 'idle'; waited += 0.5) {
    if (waited > 120) tell('failed', path);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  tell(last);
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
