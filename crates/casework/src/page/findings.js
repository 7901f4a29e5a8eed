(function(){'use strict';
var d=document,fr=d.documentElement.lang==='fr',all=JSON.parse(d.getElementById('rows').textContent),W=all.words,S=all.severities,
t=d.querySelector('table.findings'),b=t.tBodies[0],shown=300,list=[],sort=-1,up=true,texts;
function plain(s){return s.normalize('NFD').replace(/[\u0300-\u036f]/g,'').toLowerCase()}
function text(r){return plain(['severity:'+S[r[0]][0],S[r[0]][1],r[1],r[2],'detector:'+W[r[3]],r[4],r[5],W[r[8]]].join(' '))}
function el(n,s){var e=d.createElement(n);if(s!==undefined)e.textContent=s;return e}
function row(r){var e=el('tr'),w=el('td'),c=el('td'),x=el('td',r[1]);x.className='when';e.appendChild(el('td',S[r[0]][1]));e.appendChild(x);
var a=el(r[6]<0?'span':'a',r[2]);if(r[6]>=0)a.href=W[r[6]]+'#f-'+r[5]+r[7];w.appendChild(a);w.appendChild(d.createTextNode(' '));
var q=el('span',W[r[3]]);q.className='quiet';w.appendChild(q);e.appendChild(w);e.appendChild(el('td',r[4]));c.appendChild(el('code',r[5]));e.appendChild(c);return e}
var box=d.getElementById('controls'),l=el('label',fr?'Filtrer ':'Filter '),i=el('input'),n=el('span'),more=el('button',fr?'En montrer davantage':'Show more');
i.type='search';i.size=40;n.setAttribute('role','status');l.appendChild(i);box.className='filter';box.appendChild(l);
var sel=el('select'),any=el('option',fr?'toutes gravités':'any gravity');any.value='';sel.appendChild(any);
sel.setAttribute('aria-label',fr?'Gravité au moins':'Gravity at least');
for(var s=S.length-1;s>0;s--){var o=el('option',(fr?'au moins ':'at least ')+S[s][1]);o.value=s;sel.appendChild(o)}
box.appendChild(sel);box.appendChild(n);more.type='button';t.parentNode.insertBefore(more,t.nextSibling);
function draw(){var f=d.createDocumentFragment();list.slice(0,shown).forEach(function(k){f.appendChild(row(all.rows[k]))});b.textContent='';b.appendChild(f);more.hidden=list.length<=shown;
n.textContent=' '+Math.min(shown,list.length)+' / '+list.length+(fr?' sur ':' of ')+all.rows.length}
function order(){if(sort<0)return;var c=[0,1,2,4,5][sort];list.sort(function(x,y){var a=all.rows[x][c],z=all.rows[y][c];return(a<z?-1:a>z?1:0)*(up?1:-1)||x-y})}
function find(){texts=texts||all.rows.map(text);var w=plain(i.value).split(' ').filter(Boolean),least=+sel.value||0;list=[];
texts.forEach(function(x,k){if(all.rows[k][0]>=least&&w.every(function(y){return x.indexOf(y)>=0}))list.push(k)});shown=300;order();draw()}
function go(){var h=decodeURIComponent(location.hash.slice(1));if(!h)return;var least='';
i.value=h.split(' ').filter(function(w){var m=/^severity>=(\w+)$/.exec(w);if(m)S.forEach(function(x,k){if(x[0]===m[1])least=k});return!m}).join(' ');sel.value=least;find()}
[].forEach.call(t.tHead.rows[0].cells,function(h,c){var k=el('button',h.textContent);k.type='button';h.textContent='';h.appendChild(k);
k.addEventListener('click',function(){up=sort===c?!up:true;sort=c;[].forEach.call(t.tHead.rows[0].cells,function(x){x.removeAttribute('aria-sort')});
h.setAttribute('aria-sort',up?'ascending':'descending');order();draw()})});
i.addEventListener('input',find);sel.addEventListener('change',find);more.addEventListener('click',function(){shown+=1000;draw()});
list=all.rows.map(function(_,k){return k});n.textContent=' '+Math.min(shown,list.length)+' / '+list.length;more.hidden=list.length<=shown;
addEventListener('hashchange',go);go();
})();
