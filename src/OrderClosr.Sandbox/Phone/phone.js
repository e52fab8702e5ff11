'use strict';
// The customer's side of three channels, over the sandbox's own doors (/meta/_customers, /meta/_accounts, /meta/_faults).
const $ = id => document.getElementById(id);
const names = { whatsapp: 'WhatsApp', messenger: 'Messenger', instagram: 'Instagram' };
const phrases = ['slm ch7al hadi?', 'شحال الروبة الكحلة؟', 'Bonsoir, prix du sac camel svp', 'livraison l bir el djir ch7al', 'robe M noir, Amel 0500 00 00 61, Oran Bir El Djir, cité 50 logts', 'oui mais 3000', 'wah confirmi', 'نعم أكد', 'finalement en bleu', 'nheb nahder m3a wa7ed', 'c’est un bot ?'];
const faults = [
  ['/meta', { kind: 'duplicate', count: 5 }, 'Webhooks arrive twice'],
  ['/meta', { kind: 'reorder', count: 5 }, 'Webhooks arrive out of order'],
  ['/meta', { kind: 'timeout-after-work', path: '/', seconds: 3, count: 1 }, 'Meta sends, but never answers'],
  ['/meta', { kind: 'error', status: 500, count: 3 }, 'Meta is down for three calls'],
  ['/claude', { kind: 'error', status: 529, count: 2 }, 'Claude is overloaded'],
  ['/claude', { kind: 'slow', seconds: 4, count: 5 }, 'Claude is slow'],
];
const lies = ['wrong-price', 'wrong-total', 'confirm-early', 'transfer-lie', 'leak', 'all'];
let about = {}, accounts = [], state = { channel: 'whatsapp', account: null, customer: null }, shown = '', replyTo = null, editing = null;
const store = JSON.parse(localStorage.getItem('customers') || '[]');

async function call(path, body, method) {
  const answer = await fetch(path, body === undefined && !method ? {} : { method: method || 'POST', headers: { 'content-type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  const json = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Error(json.error || `${answer.status}`);
  return json;
}
function problem(words) { $('problem').textContent = words || ''; }
function make(tag, props = {}, ...kids) { const e = Object.assign(document.createElement(tag), props); e.append(...kids); return e; }

function newCustomer() {
  const first = ['Amel', 'Karim', 'ليلى', 'Sofia', 'Yanis', 'سعاد', 'Rania', 'Anis'][Math.floor(Math.random() * 8)];
  const customer = { id: 'c' + Date.now().toString(36), name: first, phone: '2135000000' + String(50 + Math.floor(Math.random() * 50)) };
  store.unshift(customer); store.length = Math.min(store.length, 12);
  pick(customer);
}
function pick(customer) {
  state.customer = customer; $('name').value = customer.name; shown = '';
  localStorage.setItem('customers', JSON.stringify(store));
  $('customers').replaceChildren(...store.map(c => make('option', { value: c.id, textContent: c.name + ' · ' + c.id.slice(-4), selected: c.id === customer.id })));
  refresh();
}
function drawAccounts() {
  const mine = accounts.filter(a => a.channel === state.channel);
  if (!mine.some(a => a.id === state.account)) state.account = mine[0]?.id;
  $('account').replaceChildren(...mine.map(a => make('option', { value: a.id, textContent: a.name, selected: a.id === state.account })));
  $('channels').replaceChildren(...Object.keys(names).map(c => {
    const b = make('button', { type: 'button', textContent: names[c], onclick: () => { state.channel = c; shown = ''; drawAccounts(); refresh(); } });
    b.setAttribute('role', 'radio'); b.setAttribute('aria-checked', String(c === state.channel)); return b;
  }));
  $('phone').dataset.channel = state.channel;
  const name = mine.find(a => a.id === state.account)?.name || 'No account on this channel';
  $('peer').textContent = name; $('avatar').textContent = name.slice(0, 1);
  document.querySelector('[data-do=order]').hidden = state.channel === 'instagram';
  $('send').disabled = !state.account;
}
async function say(what) {
  if (!state.account) return;
  const body = { channel: state.channel, account: state.account, name: state.customer.name, ...what };
  if (state.channel === 'whatsapp') { body.phone = state.customer.phone; if ($('hide-phone').checked) body.user_id_only = true; }
  if (replyTo) { body.reply_to = replyTo; setReply(null); }
  try {
    const answer = await call(`/meta/_customers/${state.customer.id}/say`, body);
    problem(answer.webhook === false ? 'Not delivered: ' + answer.why + '.' : '');
  } catch (e) { problem('Not sent: ' + e.message); }
  await refresh();
}
function setReply(item, words) { replyTo = item; $('reply-to').hidden = !item && !editing; $('reply-text').textContent = words || ''; }
function ticks(i) {
  if (i.from === 'customer') return '';
  if (i.status === 'failed') return '';
  return i.by === 'person' ? ' · a person' : '';
}
function draw(thread) {
  const talk = $('talk'), atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 90;
  const byId = Object.fromEntries(thread.items.map(i => [i.id, i]));
  const out = []; let day = '';
  for (const i of thread.items) {
    const at = new Date(i.at), d = at.toLocaleDateString();
    if (d !== day) { out.push(make('li', { className: 'day', textContent: d === new Date().toLocaleDateString() ? 'Today' : d })); day = d; }
    const li = make('li', { className: 'msg' + (i.from === 'customer' ? ' mine' : '') + (i.deleted ? ' gone' : ''), tabIndex: 0 });
    const quoted = byId[i.reply_to]; if (quoted) li.append(make('div', { className: 'quote', textContent: quoted.text.slice(0, 80), dir: 'auto' }));
    if (i.image_url) li.append(make('img', { src: new URL(i.image_url).pathname, alt: i.text || 'Photo', loading: 'lazy' }));
    if (i.audio_url) { const a = make('audio', { controls: true, src: new URL(i.audio_url).pathname }); a.setAttribute('aria-label', 'Voice note'); li.append(a); }
    const words = i.deleted ? 'Message deleted' : i.text;
    if (words) li.append(make('p', { textContent: words, dir: 'auto' }));
    li.append(make('small', { className: 'meta' + (i.status === 'failed' ? ' failed' : ''), textContent: at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) + (i.edits ? ' · edited' : '') + (i.status === 'failed' ? ` · not delivered (${i.failed_with})` : '') + ticks(i) }));
    if (i.reaction) li.append(make('span', { className: 'mark', textContent: i.reaction }));
    const acts = make('span', { className: 'acts' });
    acts.append(make('button', { type: 'button', textContent: '↩', title: 'Reply', onclick: () => { setReply(i.id, i.text); $('text').focus(); } }));
    if (i.from === 'business') acts.append(make('button', { type: 'button', textContent: '❤', title: 'React', onclick: () => say({ reaction: { mid: i.id, emoji: i.reaction ? '' : '❤' } }) }));
    else if (!i.deleted) {
      if (i.kind === 'text') acts.append(make('button', { type: 'button', textContent: '✎', title: 'Edit', onclick: () => { editing = i.id; $('text').value = i.text; setReply(null); $('reply-to').hidden = false; $('reply-text').textContent = 'Editing'; $('text').focus(); } }));
      acts.append(make('button', { type: 'button', textContent: '🗑', title: 'Unsend', onclick: () => say({ unsend: i.id }) }));
    }
    li.append(acts); out.push(li);
  }
  const last = thread.items.at(-1);
  if (last?.from === 'business' && last.buttons.length) {
    const taps = make('li', { className: 'taps' });
    for (const b of last.buttons) taps.append(make('button', { type: 'button', textContent: b.title, dir: 'auto', onclick: () => say({ button: { title: b.title, payload: b.payload } }) }));
    out.push(taps);
  }
  if (thread.typing) out.push(make('li', { className: 'dots', ariaLabel: 'Typing' }, make('i'), make('i'), make('i')));
  $('presence').textContent = thread.typing ? 'typing…' : thread.seen_at ? 'seen ' + new Date(thread.seen_at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) : names[state.channel];
  talk.replaceChildren(...out);
  if (atEnd || shown === '') talk.scrollTop = talk.scrollHeight;
}
async function refresh() {
  if (!state.account || !state.customer) return;
  try {
    const thread = await call(`/meta/_customers/${state.customer.id}/thread?channel=${state.channel}&account=${state.account}`);
    const now = state.channel + JSON.stringify(thread);
    if (now !== shown) { draw(thread); shown = now; }
  } catch (e) { if (shown !== '-') { $('talk').replaceChildren(); shown = '-'; } }
}
async function photo(file) {
  const bitmap = await createImageBitmap(file), scale = Math.min(1, 1092 / Math.max(bitmap.width, bitmap.height));
  const canvas = make('canvas', { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  await say({ image: canvas.toDataURL('image/jpeg', .85).split(',')[1], text: $('text').value.trim() || undefined });
  $('text').value = '';
}
async function voice() {
  const bytes = new Uint8Array(await (await fetch('/phone/voice.ogg')).arrayBuffer());
  let text = ''; for (const b of bytes) text += String.fromCharCode(b);
  await say({ audio: btoa(text) });
}
const tools = {
  voice,
  location: () => say({ location: { lat: 35.7351, long: -0.5519, name: 'Bir El Djir' } }),
  sticker: () => say({ sticker: true }),
  contact: () => say({ contact: { name: state.customer.name, phone: '+' + state.customer.phone } }),
  ad: () => say({ text: 'slm, chft l pub', referral: { ad_id: '120200000000001', headline: 'Robe d’été', source_url: 'https://fb.me/invented' } }),
  order: () => {
    $('goods').replaceChildren(...about.catalogue.map(g => make('label', { className: 'good' }, make('span', { textContent: `${g.name} · ${g.price.toLocaleString('fr')} DA` }), make('input', { type: 'number', min: 0, max: 20, value: 0, name: g.retailer_id }))));
    $('cart').returnValue = ''; $('cart').showModal();
  },
};
function wire() {
  $('composer').onsubmit = e => {
    e.preventDefault();
    const text = $('text').value.trim(); if (!text) return;
    $('text').value = '';
    if (editing) { const of = editing; editing = null; setReply(null); say({ edit_of: of, text }); } else say({ text });
  };
  $('text').onkeydown = e => { if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); $('composer').requestSubmit(); } };
  $('reply-cancel').onclick = () => { editing = null; $('text').value = ''; setReply(null); };
  $('more').onclick = () => { $('sheet').hidden = !$('sheet').hidden; $('more').setAttribute('aria-expanded', String(!$('sheet').hidden)); };
  $('photo').onchange = e => { if (e.target.files[0]) photo(e.target.files[0]).catch(() => problem('This file is no picture.')); e.target.value = ''; $('sheet').hidden = true; };
  for (const b of document.querySelectorAll('[data-do]')) b.onclick = () => { $('sheet').hidden = true; tools[b.dataset.do](); };
  $('cart').onclose = () => {
    const items = [...$('goods').querySelectorAll('input')].filter(i => i.value > 0).map(i => ({ retailer_id: i.name, quantity: Number(i.value) }));
    if ($('cart').returnValue === 'yes' && items.length) say({ order: { items } });
  };
  $('account').onchange = e => { state.account = e.target.value; shown = ''; drawAccounts(); refresh(); };
  $('customers').onchange = e => pick(store.find(c => c.id === e.target.value));
  $('new-customer').onclick = newCustomer;
  $('name').onchange = e => { state.customer.name = e.target.value.trim() || 'Customer'; pick(state.customer); };
  $('chips').replaceChildren(...phrases.map(p => make('button', { type: 'button', textContent: p, dir: 'auto', onclick: () => say({ text: p }) })));
  const boxes = faults.map(([vendor, fault, words]) => {
    const box = make('input', { type: 'checkbox', onchange: () => (box.checked ? call(vendor + '/_faults', fault) : call(`${vendor}/_faults?kind=${fault.kind}`, undefined, 'DELETE')).catch(e => problem(e.message)) });
    return make('label', {}, box, make('span', { textContent: words }));
  });
  const lie = make('select', { onchange: () => call('/claude/_mode', lie.value ? { mode: 'hostile', kind: lie.value } : { mode: 'seller' }).catch(e => problem(e.message)) }, make('option', { value: '', textContent: 'The model is honest' }), ...lies.map(l => make('option', { value: l, textContent: 'The model lies: ' + l })));
  lie.setAttribute('aria-label', 'How the model behaves');
  $('faults').append(...boxes, ...(about.real_claude ? [] : [lie]));
  $('no-faults').onclick = async () => { await Promise.allSettled(['/meta', '/claude'].map(v => call(v + '/_faults', undefined, 'DELETE'))); for (const b of $('faults').querySelectorAll('input')) b.checked = false; if (lie.value) { lie.value = ''; lie.onchange(); } };
  $('person').onsubmit = async e => {
    e.preventDefault();
    const text = $('person-text').value.trim(); if (!text) return;
    try { await call(`/meta/_business/${state.customer.id}/say`, { channel: state.channel, account: state.account, text, how: $('person-how').value }); $('person-text').value = ''; problem(''); } catch (x) { problem(x.message); }
    refresh();
  };
}
(async () => {
  about = await call('/phone/about'); accounts = (await call('/meta/_accounts')).items;
  $('who-answers').innerHTML = about.real_claude ? '<b>The real Claude answers</b> here, with the key from your environment.' : '<b>A stand-in answers, not Claude:</b> rules that read darja, Arabizi, French and Arabic and sell through the same tools.';
  $('to-inbox').href = about.app + '/w';
  drawAccounts(); wire();
  store.length ? pick(store[0]) : newCustomer();
  setInterval(() => { if (!document.hidden) refresh(); }, 700);
})();
