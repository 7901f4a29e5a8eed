(function(){'use strict';
var d=document,fr=d.documentElement.lang==='fr';
function plain(s){return s.normalize('NFD').replace(/[\u0300-\u036f]/g,'').toLowerCase()}
function field(before,act){
var p=d.createElement('p'),l=d.createElement('label'),i=d.createElement('input'),n=d.createElement('span');
p.className='filter';l.textContent=fr?'Filtrer ':'Filter ';i.type='search';n.setAttribute('role','status');
l.appendChild(i);p.appendChild(l);p.appendChild(n);before.parentNode.insertBefore(p,before);
i.addEventListener('input',function(){n.textContent=' '+act(plain(i.value).split(' ').filter(Boolean))});return i}
function has(t,w){return w.every(function(x){return t.indexOf(x)>=0})}
function number(t){var s=t.replace(/[\s\u00a0\u202f,%]/g,'').replace(/^[\u2265<>×]+/,'').replace('\u2212','-');return/^-?\d+(\.\d+)?$/.test(s)?+s:null}
d.querySelectorAll('table').forEach(function(t){
if(t.tBodies.length!==1||t.tBodies[0].rows.length<6||!t.tHead||t.hasAttribute('data-own')||t.querySelector('tbody [rowspan],tbody [colspan]'))return;
var b=t.tBodies[0],rows=[].slice.call(b.rows);
[].slice.call(t.tHead.rows[0].cells).forEach(function(h,c){
if(h.tagName!=='TH'||h.querySelector('a')||h.getAttribute('aria-hidden'))return;
var k=d.createElement('button');k.type='button';while(h.firstChild)k.appendChild(h.firstChild);h.appendChild(k);
k.addEventListener('click',function(){
var up=h.getAttribute('aria-sort')!=='ascending';
[].forEach.call(t.tHead.rows[0].cells,function(x){x.removeAttribute('aria-sort')});
h.setAttribute('aria-sort',up?'ascending':'descending');
rows.map(function(r,n){var s=r.cells[c]?r.cells[c].textContent.trim():'';return{r:r,n:n,v:number(s),s:plain(s)}})
.sort(function(x,y){var o=x.v!==null&&y.v!==null?x.v-y.v:x.s<y.s?-1:x.s>y.s?1:0;return(up?o:-o)||x.n-y.n})
.forEach(function(x){b.appendChild(x.r)})})});
if(rows.length>15){field(t,function(w){var n=0;rows.forEach(function(r){var y=has(plain(r.textContent),w);r.hidden=!y;n+=y});return n+'\u00a0/\u00a0'+rows.length})}});
// What scrolls must be reached by the keyboard, and nothing else need be.
function reach(){d.querySelectorAll('figure,table,.scroll,.wide').forEach(function(e){if(e.scrollWidth>e.clientWidth+1&&getComputedStyle(e).overflowX!=='visible')e.tabIndex=0;else e.removeAttribute('tabindex')})}
addEventListener('resize',reach);reach();
d.querySelectorAll('.ledger').forEach(function(l){
var all=[].slice.call(l.querySelectorAll('.entry')).map(function(e){return{e:e,t:plain(e.firstElementChild.textContent)}});
field(l,function(w){var n=0;all.forEach(function(x){var y=has(x.t,w);x.e.hidden=!y;n+=y});
l.querySelectorAll('.month').forEach(function(m){m.hidden=!m.querySelector('.entry:not([hidden])');m.open=w.length>0});
return n+'\u00a0/\u00a0'+all.length})});
})();
