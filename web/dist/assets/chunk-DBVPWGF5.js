import{a as g,c as y,d as v,f as x,g as C,j as h,l as w,m as k,t as E,v as d,w as S}from"./chunk-ARN7RS6R.js";var M=function(t,e,a,s){var r;e[0]=0;for(var o=1;o<e.length;o++){var n=e[o++],c=e[o]?(e[0]|=n?1:2,a[e[o++]]):e[++o];n===3?s[0]=c:n===4?s[1]=Object.assign(s[1]||{},c):n===5?(s[1]=s[1]||{})[e[++o]]=c:n===6?s[1][e[++o]]+=c+"":n?(r=t.apply(c,M(t,c,a,["",null])),s.push(r),c[0]?e[0]|=2:(e[o-2]=0,e[o]=r)):s.push(c)}return s},T=new Map;function D(t){var e=T.get(this);return e||(e=new Map,T.set(this,e)),(e=M(this,e.get(t)||(e.set(t,e=(function(a){for(var s,r,o=1,n="",c="",i=[0],u=function(p){o===1&&(p||(n=n.replace(/^\s*\n\s*|\s*\n\s*$/g,"")))?i.push(0,p,n):o===3&&(p||n)?(i.push(3,p,n),o=2):o===2&&n==="..."&&p?i.push(4,p,0):o===2&&n&&!p?i.push(5,0,!0,n):o>=5&&((n||!p&&o===5)&&(i.push(o,0,n,r),o=6),p&&(i.push(o,p,0,r),o=6)),n=""},m=0;m<a.length;m++){m&&(o===1&&u(),u(m));for(var f=0;f<a[m].length;f++)s=a[m][f],o===1?s==="<"?(u(),i=[i],o=3):n+=s:o===4?n==="--"&&s===">"?(o=1,n=""):n=s+n[0]:c?s===c?c="":n+=s:s==='"'||s==="'"?c=s:s===">"?(u(),o=1):o&&(s==="="?(o=5,r=n,n=""):s==="/"&&(o<5||a[m][f+1]===">")?(u(),o===3&&(i=i[0]),o=i,(i=i[0]).push(2,0,o),o=0):s===" "||s==="	"||s===`
`||s==="\r"?(u(),o=2):n+=s),o===3&&n==="!--"&&(o=4,i=i[0])}return u(),i})(t)),e),arguments,[])).length>1?e:e[0]}var l=D.bind(g);var Y=6e3,j=4,$=h([]),I=1,H=t=>{$.value=$.value.filter(e=>e.id!==t)};function O(t,e="ok"){let a=I;I+=1,$.value=[...$.value,{id:a,text:t,kind:e}].slice(-j),setTimeout(()=>H(a),Y)}var Q=()=>l`
  <div class="notices" role="status" aria-live="polite">
    ${$.value.map(({id:t,text:e,kind:a})=>l`
      <div key=${t} class="notice ${a}">
        <span>${e}</span>
        <button type="button" class="quiet" aria-label="Dismiss" onClick=${()=>H(t)}>×</button>
      </div>`)}
  </div>`;function ot({text:t,most:e=160,multiline:a=!1}){let[s,r]=y(!1),o=String(t??""),n=s||o.length<=e?o:o.slice(0,e),c=o.length>e&&l`
    <button type="button" class="more" aria-expanded=${s} onClick=${()=>r(!s)}>
      ${s?"show less":`show all (${w(o.length)} characters)`}
    </button>`;return l`<bdi class="value">${a?S(n):d(n)}${!s&&c?"…":""}</bdi>${c&&l` ${c}`}`}async function P(t){try{await navigator.clipboard.writeText(t)}catch{B(t)}O(`Copied: ${d(t.length>60?`${t.slice(0,60)}…`:t)}`)}function B(t){let e=document.createElement("textarea");e.value=t,document.body.append(e),e.select(),document.execCommand("copy"),e.remove()}var F=({text:t,label:e="Copy",what:a})=>l`
  <button type="button" class="copy" aria-label=${`Copy ${a??t}`} title=${`Copy ${a??t}`} onClick=${()=>P(t)}>${e}</button>`,st=({place:t})=>l`
  <button type="button" class="place" title=${`Copy ${t}`} onClick=${()=>P(t)}>${d(t)}</button>`,nt=({text:t})=>l`
  <div class="command"><code>${d(t)}</code><${F} text=${t} what="the command" /></div>`,at=({title:t,children:e})=>l`
  <div class="empty"><p class="empty-title">${t}</p>${e}</div>`,ct=({error:t})=>t&&l`
  <p class="failure" role="alert">${k(d(t.message))}</p>`,lt=({rows:t})=>l`
  <dl class="facts">
    ${t.map(([e,a],s)=>l`<div key=${s}><dt>${e}</dt><dd>${a}</dd></div>`)}
  </dl>`;var A=["system","light","dark"],q="sockeye.theme",b=h(document.documentElement.dataset.theme??"system");function L(t){t==="system"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=t;try{t==="system"?localStorage.removeItem(q):localStorage.setItem(q,t)}catch{}b.value=t}var dt=()=>l`
  <select aria-label="Theme" title="Theme" value=${b.value} onChange=${t=>L(t.currentTarget.value)}>
    ${A.map(t=>l`<option key=${t} value=${t} selected=${b.value===t}>${t[0].toUpperCase()+t.slice(1)}</option>`)}
  </select>`;function ht({link:t,connect:e}){let[,a]=y(0);v(()=>{let i=setInterval(()=>a(u=>u+1),500);return()=>clearInterval(i)},[]);let{retryAt:s,since:r,kind:o}=t.value,n=Math.max(0,Math.ceil((s-Date.now())/1e3)),c=o==="connecting"?"trying now":`next try in ${n} s`;return l`
    <span class="status-text"><b role="alert">Disconnected</b><span>what you see is from ${E(new Date(r),!1)}</span><span>${c}</span></span>
    <button type="button" onClick=${e}>Try now</button>`}var K=t=>t.matches('textarea, input[type="search"]')&&t.value,Ct=(t,e)=>a=>{!e||a.key!=="Escape"||a.defaultPrevented||K(a.target)||(a.preventDefault(),t())},N=matchMedia("(max-width: 900px)");function wt({title:t,tools:e,subject:a,onClose:s,takeFocus:r=!1,children:o}){let n=x(null),c=C();return v(()=>{(r||N.matches)&&n.current.focus({preventScroll:!0})},[a,r]),l`
    <aside class="panel" aria-labelledby=${c}>
      <header>
        <h2 id=${c} ref=${n} tabindex="-1">${t}</h2>
        ${e}
        <span class="spacer"></span>
        <button type="button" class="quiet" aria-label="Close panel" onClick=${s}>×</button>
      </header>
      <div class="panel-body">${o}</div>
    </aside>`}var kt=({title:t,children:e,open:a=!0})=>l`
  <details class="section" open=${a}><summary>${t}</summary>${e}</details>`;export{l as a,O as b,Q as c,ot as d,F as e,st as f,nt as g,at as h,ct as i,lt as j,b as k,dt as l,ht as m,Ct as n,wt as o,kt as p};
