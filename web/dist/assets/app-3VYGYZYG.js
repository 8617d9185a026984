import{A as Y,B as at,C as it,D as jt,E as ze,F as qt,G as Dt,H as Ot,I as Ke,a as Mt,b as _t,c as $,d as k,e as Rt,f as _,g as H,h as m,i as Te,j as u,k as ue,l as v,m as G,n as q,o as J,p as At,q as U,r as Ee,s as Me,t as p,u as Nt,v as Pt,w as It,x as Lt,z as D}from"./chunk-U5WZCDSY.js";var Bt="sockeye.token",lt="",R=m(null),ct=null;function We(){try{return sessionStorage.getItem(Bt)??lt}catch{return lt}}function ss(e){lt=e;try{sessionStorage.setItem(Bt,e)}catch{}}function Ht(e){return e!==We()?Promise.resolve():(ct??=new Promise(t=>{R.value={refused:e!=="",resolve:t}}),ct)}function Ft(e){ss(e);let{resolve:t}=R.value;R.value=null,ct=null,t()}function zt(){let e=new TextEncoder().encode(We());return e.length?["sockeye.events",`sockeye.token.${btoa(String.fromCharCode(...e)).replaceAll("+","-").replaceAll("/","_").replace(/=+$/,"")}`]:["sockeye.events"]}var ut="/__mockforge/ws",os=1e4,pe=class extends Error{constructor(t,n,o){super(t),this.status=n,this.body=o}},rs=(e,t)=>typeof e?.error=="string"?e.error:`the server answered with status ${t}`;async function as(e,t,{body:n,type:o,signal:a}){let r={},i=We();i&&(r.Authorization=`Bearer ${i}`),o&&(r["Content-Type"]=o);let c=AbortSignal.timeout(os),l,h;try{l=await fetch(ut+t,{method:e,headers:r,body:n,cache:"no-store",signal:a?AbortSignal.any([a,c]):c}),h=await l.text()}catch(d){throw a?.aborted?d:c.aborted?new pe("the server did not answer within 10 s",0):new pe("the server cannot be reached; is sockeye still running?",0)}return{response:l,text:h,used:i}}async function _e(e,t,n={}){for(;;){let{response:o,text:a,used:r}=await as(e,t,n);if(o.status===401){await Ht(r);continue}let i=null;try{i=JSON.parse(a)}catch{if(o.ok)throw new pe("the server answered with something that is not JSON",o.status)}if(!o.ok)throw new pe(rs(i,o.status),o.status,i);return{body:i,text:a}}}var B=async(e,t)=>(await _e("GET",e,{signal:t})).body,V=async(e,t,n)=>(await _e("POST",e,{body:t,type:n})).body,Kt=async e=>(await _e("DELETE",e)).body;function F(e){let t=Object.entries(e).filter(([,n])=>n!==""&&n!==null&&n!==void 0);return t.length?`?${new URLSearchParams(t)}`:""}var Ue=e=>`/connections/${encodeURIComponent(e)}`;var S=m([]);async function X(e){let t=await B("/handlers",e);return S.value=t.handlers,t}var Ut=function(e,t,n,o){var a;t[0]=0;for(var r=1;r<t.length;r++){var i=t[r++],c=t[r]?(t[0]|=i?1:2,n[t[r++]]):t[++r];i===3?o[0]=c:i===4?o[1]=Object.assign(o[1]||{},c):i===5?(o[1]=o[1]||{})[t[++r]]=c:i===6?o[1][t[++r]]+=c+"":i?(a=e.apply(c,Ut(e,c,n,["",null])),o.push(a),c[0]?t[0]|=2:(t[r-2]=0,t[r]=a)):o.push(c)}return o},Wt=new Map;function Yt(e){var t=Wt.get(this);return t||(t=new Map,Wt.set(this,t)),(t=Ut(this,t.get(e)||(t.set(e,t=(function(n){for(var o,a,r=1,i="",c="",l=[0],h=function(g){r===1&&(g||(i=i.replace(/^\s*\n\s*|\s*\n\s*$/g,"")))?l.push(0,g,i):r===3&&(g||i)?(l.push(3,g,i),r=2):r===2&&i==="..."&&g?l.push(4,g,0):r===2&&i&&!g?l.push(5,0,!0,i):r>=5&&((i||!g&&r===5)&&(l.push(r,0,i,a),r=6),g&&(l.push(r,g,0,a),r=6)),i=""},d=0;d<n.length;d++){d&&(r===1&&h(),h(d));for(var b=0;b<n[d].length;b++)o=n[d][b],r===1?o==="<"?(h(),l=[l],r=3):i+=o:r===4?i==="--"&&o===">"?(r=1,i=""):i=o+i[0]:c?o===c?c="":i+=o:o==='"'||o==="'"?c=o:o===">"?(h(),r=1):r&&(o==="="?(r=5,a=i,i=""):o==="/"&&(r<5||n[d][b+1]===">")?(h(),r===3&&(l=l[0]),r=l,(l=l[0]).push(2,0,r),r=0):o===" "||o==="	"||o===`
`||o==="\r"?(h(),r=2):i+=o),r===3&&i==="!--"&&(r=4,l=l[0])}return h(),l})(e)),t),arguments,[])).length>1?t:t[0]}var s=Yt.bind(Mt);var is=/[ \t\n\r]*/y,ls=/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y,cs=/true|false|null/y,us=/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,pt=class{constructor(t){this.text=t,this.at=0,this.depth=0}take(t){t.lastIndex=this.at;let n=t.exec(this.text);return n?(this.at+=n[0].length,n[0]):null}skip(){this.take(is)}eat(t){return this.skip(),this.text[this.at]!==t?!1:(this.at+=1,!0)}must(t){this.eat(t)||this.fail(`expected “${t}”`)}fail(t){let n=this.at<this.text.length?`found “${this.text[this.at]}”`:"the text ends";throw new SyntaxError(`${t}, ${n} (character ${this.at+1})`)}string(){this.skip();let t=this.take(us);return t===null&&this.fail("expected a string"),JSON.parse(t)}value(){this.skip();let t=this.text[this.at];if(t==="{")return this.nested(()=>this.object());if(t==="[")return this.nested(()=>this.array());if(t==='"')return{kind:"string",value:this.string()};let n=this.take(ls);if(n!==null)return{kind:"number",text:n};let o=this.take(cs);return o===null&&this.fail("expected a value"),{kind:"word",text:o}}nested(t){if(this.depth+=1,this.depth>256)throw new SyntaxError("nested more than 256 levels deep");let n=t();return this.depth-=1,n}object(){let t=[];if(this.must("{"),this.eat("}"))return{kind:"object",entries:t};do{let n=this.string();this.must(":"),t.push([n,this.value()])}while(this.eat(","));return this.must("}"),{kind:"object",entries:t}}array(){let t=[];if(this.must("["),this.eat("]"))return{kind:"array",items:t};do t.push(this.value());while(this.eat(","));return this.must("]"),{kind:"array",items:t}}};function Re(e){let t=new pt(e),n=t.value();return t.skip(),t.at<e.length&&t.fail("expected the end"),n}function Ye(e){try{return Re(e)}catch{return null}}var Vt=(e,t)=>e.entries?.find(([n])=>n===t)?.[1];var Ve={text:{label:"Text",type:"text/plain; charset=utf-8",hint:"Sent as one text message, exactly as typed.",sample:"hello"},json:{label:"JSON",type:"application/json",hint:"Checked, then sent as typed in one text message.",sample:'{"type": "ping"}'},hex:{label:"Binary (hex)",type:"application/octet-stream",hint:"Two hex digits for each byte; spaces are ignored.",sample:"0a ff 00 3c"}},ds={text:e=>({body:e}),json:e=>{if(!e.trim())return{error:"There is no JSON yet."};try{Re(e)}catch(t){if(!t.message.startsWith(`nested more than ${256}`))return{error:`Not JSON: ${t.message}.`}}return{body:e}},hex:e=>{let{bytes:t,error:n}=Lt(e);return n?{error:`Not hex: ${n}.`}:{body:t}}};function ms(e,t,n){return e==="hex"&&n.body&&t.trim()?v(n.body.length,"byte"):Ve[e].hint}function de({send:e,action:t="Send",label:n="Message"}){let o=H(),[a,r]=$("text"),[i,c]=$(""),[l,h]=$(!1),[d,b]=$(!1),[g,x]=$(null),j=ds[a](i),Se=j.error&&(l||i.trim())?j.error:null;async function f(C){if(C.preventDefault(),h(!0),!(j.error||d)){b(!0),x(null);try{x({ok:!0,text:await e(j.body,Ve[a].type)})}catch(rt){x({ok:!1,text:`Not sent: ${rt.message}`})}b(!1)}}let W=C=>{r(C),h(!1),x(null)},Fe=C=>{C.key==="Enter"&&(C.ctrlKey||C.metaKey)&&f(C)};return s`
    <form class="composer" onSubmit=${f} noValidate>
      <fieldset class="choices">
        <legend class="visually-hidden">Kind of message</legend>
        ${Object.entries(Ve).map(([C,{label:rt}])=>s`
          <label key=${C}><input type="radio" name=${o} value=${C} checked=${a===C} onChange=${()=>W(C)} />${rt}</label>`)}
      </fieldset>
      <label class="visually-hidden" for=${`${o}-text`}>${n}</label>
      <textarea id=${`${o}-text`} class="code" rows="4" spellcheck=${!1} autocomplete="off" placeholder=${Ve[a].sample} value=${i}
        aria-invalid=${!!Se} aria-describedby=${`${o}-note`}
        onInput=${C=>{c(C.currentTarget.value),x(null)}} onKeyDown=${Fe}></textarea>
      <p id=${`${o}-note`} class=${Se?"hint bad":"hint"} aria-live="polite">${Se??ms(a,i,j)}</p>
      <div class="actions">
        <button type="submit" class="primary" disabled=${d}>${t}</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span role="status" class=${`result ${g?g.ok?"good":"bad":""}`}>${g?.text??""}</span>
      </div>
    </form>`}function Ge({title:e,onClose:t,children:n,wide:o=!1}){let a=_(null),r=H();return k(()=>{a.current.showModal()},[]),s`
    <dialog ref=${a} class=${o?"wide":""} aria-labelledby=${r} onClose=${t}>
      <header>
        <h2 id=${r}>${e}</h2>
        <button type="button" class="quiet" aria-label="Close dialog" onClick=${()=>a.current.close()}>×</button>
      </header>
      <div class="dialog-body">${n}</div>
    </dialog>`}var $s=6e3,hs=4,Ae=m([]),Gt=1,Jt=e=>{Ae.value=Ae.value.filter(t=>t.id!==e)};function oe(e,t="ok"){let n=Gt;Gt+=1,Ae.value=[...Ae.value,{id:n,text:e,kind:t}].slice(-hs),setTimeout(()=>Jt(n),$s)}var Xt=()=>s`
  <div class="notices" role="status" aria-live="polite">
    ${Ae.value.map(({id:e,text:t,kind:n})=>s`
      <div key=${e} class="notice ${n}">
        <span>${t}</span>
        <button type="button" class="quiet" aria-label="Dismiss" onClick=${()=>Jt(e)}>×</button>
      </div>`)}
  </div>`;function w({text:e,most:t=160,multiline:n=!1}){let[o,a]=$(!1),r=String(e??""),i=o||r.length<=t?r:r.slice(0,t),c=r.length>t&&s`
    <button type="button" class="more" aria-expanded=${o} onClick=${()=>a(!o)}>
      ${o?"show less":`show all (${u(r.length)} characters)`}
    </button>`;return s`<bdi class="value">${n?Nt(i):p(i)}${!o&&c?"…":""}</bdi>${c&&s` ${c}`}`}async function Qt(e){try{await navigator.clipboard.writeText(e)}catch{fs(e)}oe(`Copied: ${p(e.length>60?`${e.slice(0,60)}…`:e)}`)}function fs(e){let t=document.createElement("textarea");t.value=e,document.body.append(t),t.select(),document.execCommand("copy"),t.remove()}var re=({text:e,label:t="Copy",what:n})=>s`
  <button type="button" class="copy" aria-label=${`Copy ${n??e}`} title=${`Copy ${n??e}`} onClick=${()=>Qt(e)}>${t}</button>`,ae=({place:e})=>s`
  <button type="button" class="place" title=${`Copy ${e}`} onClick=${()=>Qt(e)}>${p(e)}</button>`,Q=({text:e})=>s`
  <div class="command"><code>${p(e)}</code><${re} text=${e} what="the command" /></div>`,E=({title:e,children:t})=>s`
  <div class="empty"><p class="empty-title">${e}</p>${t}</div>`,Z=({error:e})=>e&&s`
  <p class="failure" role="alert">${ue(p(e.message))}</p>`,Ne=({rows:e})=>s`
  <dl class="facts">
    ${e.map(([t,n],o)=>s`<div key=${o}><dt>${t}</dt><dd>${n}</dd></div>`)}
  </dl>`;var dt=m(!1),ie=m(null),Je=m(!1);async function bs(){if(!Je.value){Je.value=!0;try{let{generation:e,warnings:t=[]}=await V("/reload");oe(`Reloaded, generation ${u(e)}`),ie.value=t.length?{title:v(t.length,"warning"),lead:"The new files are in force.",list:t}:null,X().catch(()=>{})}catch(e){e.status!==422?oe(`Not reloaded: ${e.message}`,"bad"):ie.value={title:"Not reloaded",lead:e.message,list:e.body?.mistakes??[]}}Je.value=!1}}var Zt=()=>s`
  <button type="button" disabled=${Je.value} onClick=${bs} title="Read the files again; connections stay">Reload</button>`,en=()=>s`
  <button type="button" onClick=${()=>{dt.value=!0}}>Broadcast</button>`,vs=({mistake:e})=>{let{message:t,place:n,remedy:o}=typeof e=="string"?{message:e}:e;return s`
    <li>
      <p><${w} text=${t} most=${400} /></p>
      ${o&&s`<p class="remedy"><${w} text=${o} most=${400} /></p>`}
      ${n&&s`<${ae} place=${n} />`}
    </li>`},ys=()=>ie.value&&s`
  <${Ge} title=${ie.value.title} wide onClose=${()=>{ie.value=null}}>
    <p class="failure-lead">${ue(p(ie.value.lead))}</p>
    <ol class="mistakes">${ie.value.list.map((e,t)=>s`<${vs} key=${t} mistake=${e} />`)}</ol>
  <//>`,gs={all:"All connections",path:"A path",room:"A room"};function ws(){let e=H(),[t,n]=$("all"),[o,a]=$(""),r=async(i,c)=>{if(t!=="all"&&!o.trim())throw new Error(`name the ${t} first`);let{delivered:l}=await V(`/broadcast${t==="all"?"":F({[t]:o.trim()})}`,i,c);return l?`Delivered to ${v(l,"connection")}`:"Nobody was there to get it"};return s`
    <${Ge} title="Broadcast" wide onClose=${()=>{dt.value=!1}}>
      <div class="target">
        <fieldset class="choices">
          <legend class="visually-hidden">To whom</legend>
          ${Object.entries(gs).map(([i,c])=>s`
            <label key=${i}><input type="radio" name=${e} value=${i} checked=${t===i} onChange=${()=>n(i)} />${c}</label>`)}
        </fieldset>
        <input class="grow code" aria-label=${t==="room"?"Name of the room":"Path"} list=${`${e}-paths`} disabled=${t==="all"} autocomplete="off"
          placeholder=${{all:"",path:"/chat",room:"lobby"}[t]} value=${t==="all"?"":o} onInput=${i=>a(i.currentTarget.value)} />
        <datalist id=${`${e}-paths`}>${t==="path"&&S.value.map((i,c)=>s`<option key=${c} value=${i.path} />`)}</datalist>
      </div>
      <${de} send=${r} action="Broadcast" />
    <//>`}function ks(){let[e,t]=$(""),n=R.value.refused;return s`
    <${Ge} title="Token" onClose=${()=>{R.value&&(R.value={...R.value,shut:!0})}}>
      <form class="token" onSubmit=${a=>{a.preventDefault(),e.trim()&&Ft(e.trim())}}>
        <p>This server wants its admin token. It is kept for this tab only.</p>
        <label for="token">Admin token</label>
        <input id="token" type="password" class="code" autofocus autocomplete="off" value=${e} aria-describedby="token-note" aria-invalid=${n}
          onInput=${a=>t(a.currentTarget.value)} />
        <p id="token-note" class=${n?"hint bad":"hint"} role="status">${n?"The server did not accept that token.":"The one that sockeye was started with."}</p>
        <div class="actions"><button type="submit" class="primary">Continue</button></div>
      </form>
    <//>`}var tn=()=>s`
  ${dt.value&&s`<${ws} />`}
  <${ys} />
  ${R.value&&!R.value.shut&&s`<${ks} />`}`;var xs=e=>e.matches('textarea, input[type="search"]')&&e.value,me=(e,t)=>n=>{!t||n.key!=="Escape"||n.defaultPrevented||xs(n.target)||(n.preventDefault(),e())},Cs=matchMedia("(max-width: 900px)");function $e({title:e,tools:t,subject:n,onClose:o,takeFocus:a=!1,children:r}){let i=_(null),c=H();return k(()=>{(a||Cs.matches)&&i.current.focus({preventScroll:!0})},[n,a]),s`
    <aside class="panel" aria-labelledby=${c}>
      <header>
        <h2 id=${c} ref=${i} tabindex="-1">${e}</h2>
        ${t}
        <span class="spacer"></span>
        <button type="button" class="quiet" aria-label="Close panel" onClick=${o}>×</button>
      </header>
      <div class="panel-body">${r}</div>
    </aside>`}var z=({title:e,children:t,open:n=!0})=>s`
  <details class="section" open=${n}><summary>${e}</summary>${t}</details>`;var ht=500,Ss=15e3,Ts=1600,M=m({kind:"connecting"}),nn=new Set,Xe=e=>nn.add(e),le=null,he=ht,Pe=0,mt=!1,Es=()=>`${location.protocol==="https:"?"wss:":"ws:"}//${location.host}${ut}`;function sn(e){le?.readyState===WebSocket.OPEN&&le.send(JSON.stringify(e))}function Ms(e){let t;try{t=JSON.parse(e.data)}catch{return}let n=t.type==="hello";n&&(he=ht,M.value={kind:"live"}),ze(t.stats),t.closed?.length&&Ot(t.closed),(t.opened?.length||t.closed?.length)&&(Ke.value+=1);for(let o of nn)o(t,n)}function $t(){let e=he*(.8+Math.random()*.4);he=Math.min(he*2,Ss),M.value={kind:"waiting",retryAt:Date.now()+e,since:M.value.since??Date.now()},clearTimeout(Pe),Pe=setTimeout(fe,e)}async function on(e){if(qt(),e)return $t();try{ze(await B("/stats"))}catch{return $t()}return he>ht?$t():_s()}function _s(){he*=2,clearTimeout(Pe),Pe=setTimeout(fe,50)}function fe(){clearTimeout(Pe),rn(),M.value={...M.value,kind:"connecting"};let e=new WebSocket(Es(),zt()),t=!1;le=e,e.onopen=()=>{t=!0},e.onmessage=Ms,e.onclose=()=>{le===e&&(le=null,on(t))}}function rn(){let e=le;le=null,e?.close()}async function Rs(){if(!(mt||M.value.kind!=="live"||performance.now()-jt.at<Ts)){mt=!0;try{ze(await B("/stats"))}catch{M.value.kind==="live"&&(rn(),on(!0))}mt=!1}}function an(){fe(),setInterval(Rs,1e3),addEventListener("online",()=>{M.value.kind==="waiting"&&fe()})}function ee(e,t,n){let[o,a]=$({data:null,error:null}),r=_(()=>{});return k(()=>{let i=new ft(e,t,a);r.current=()=>i.soon();let c=Te(()=>{M.value.kind==="live"&&i.soon()}),l=()=>{document.hidden||i.soon()};return document.addEventListener("visibilitychange",l),i.turn(),()=>{i.stop(),c(),document.removeEventListener("visibilitychange",l)}},n),{...o,refresh:()=>r.current()}}var ln=200,ft=class{constructor(t,n,o){this.load=t,this.everyMs=n,this.tell=o,this.abort=new AbortController,this.timer=0,this.busy=!1,this.wanted=!1,this.startedAt=-1/0}soon(){if(this.busy){this.wanted=!0;return}this.later(Math.max(0,this.startedAt+ln-performance.now()))}later(t){clearTimeout(this.timer),this.timer=setTimeout(()=>this.turn(),t)}async turn(){if(!(this.busy||this.abort.signal.aborted)&&!(document.hidden||M.value.kind==="waiting")){this.busy=!0,this.wanted=!1,this.startedAt=performance.now();try{let t=await this.load(this.abort.signal);this.abort.signal.aborted||this.tell({data:t,error:null})}catch(t){this.abort.signal.aborted||this.tell(n=>({...n,error:t}))}this.busy=!1,this.later(this.wanted?ln:this.everyMs)}}stop(){clearTimeout(this.timer),this.abort.abort()}};var As=["overview","connections","messages","handlers","rooms","try"],Ns=e=>{try{return decodeURIComponent(e)}catch{return e}};function bt(e){let[t,n=""]=e.replace(/^#\/?/,"").split("?",2),[o,...a]=t.split("/");return{page:As.includes(o)?o:"overview",item:a.length?Ns(a.join("/")):"",query:new URLSearchParams(n)}}function y(e,t="",n={}){let o=new URLSearchParams(Object.entries(n).filter(([,a])=>a)).toString();return`#/${e}${t?`/${encodeURIComponent(t)}`:""}${o?`?${o}`:""}`}var A=m(bt(location.hash));addEventListener("hashchange",()=>{A.value=bt(location.hash)});var te=(...e)=>{location.hash=y(...e)};function N(...e){history.replaceState(null,"",y(...e)),A.value=bt(location.hash)}var Ps="ws://127.0.0.1:8080",Is=(e=D.value)=>(e?.urls?.[0]??Ps).replace(/\/$/,""),Ie=e=>e.replace(/[:{]([A-Za-z_]\w*)[^/]*/g,"$1").replaceAll("*","any"),ne=(e,t="/")=>`npx wscat -c "${Is(e??void 0)}${Ie(t)}"`;var cn=100,Ls=2,js=40,un=e=>e.kind==="object"?e.entries:e.items.map((t,n)=>[n,t]);function qs({node:e}){return e.kind==="string"?s`<span class="json-string">"<${w} text=${e.value} most=${300} />"</span>`:s`<span class=${`json-${e.kind}`}>${e.text}</span>`}var pn=({name:e})=>s`
  <span class=${typeof e=="number"?"json-index":"json-key"}><${w} text=${e} most=${80} /></span><span class="json-colon">: </span>`;function Ds({name:e,node:t,level:n}){let o=un(t),[a,r]=$(n<Ls&&o.length<=js),[i,c]=$(cn),[l,h]=t.kind==="object"?"{}":"[]",d=t.kind==="object"?v(o.length,"member"):v(o.length,"item"),b=`${e===void 0?"value":e}, ${d}`;return s`
    <button type="button" class="json-toggle" aria-expanded=${a} aria-label=${b} onClick=${()=>r(!a)}></button>
    ${e!==void 0&&s`<${pn} name=${e} />`}
    <span class="json-bracket">${l}</span>
    ${!a&&s`<span class="json-summary">${d}</span><span class="json-bracket">${h}</span>`}
    ${a&&s`
      <ul>
        ${o.slice(0,i).map(([g,x],j)=>s`<${dn} key=${j} name=${g} node=${x} level=${n+1} />`)}
      </ul>
      ${o.length>i&&s`
        <button type="button" class="more" onClick=${()=>c(i+cn*10)}>show more (${u(o.length-i)} left)</button>`}
      <span class="json-bracket json-end">${h}</span>`}`}function dn({name:e,node:t,level:n}){let o=t.kind==="object"||t.kind==="array";if(o&&un(t).length)return s`<li><${Ds} name=${e} node=${t} level=${n} /></li>`;let a=t.kind==="object"?"{}":"[]";return s`
    <li class="json-leaf">
      ${e!==void 0&&s`<${pn} name=${e} />`}
      ${o?s`<span class="json-bracket">${a}</span>`:s`<${qs} node=${t} />`}
    </li>`}var be=({node:e,label:t})=>s`
  <ul class="json" aria-label=${t}><${dn} node=${e} level=${0} /></ul>`;var Os=1e3,mn=123,yt={1e3:"normal",1001:"going away",1002:"protocol error",1003:"unsupported data",1007:"invalid data",1008:"policy violation",1009:"too big",1010:"extension missing",1011:"internal error",1012:"restart",1013:"try again later",1014:"bad gateway"};function Bs(e,t){let n=Number(e),o=Object.hasOwn(yt,e)||n>=3e3&&n<=4999;if(!/^\d+$/.test(e)||!o)return"Codes are 1000 to 1003, 1007 to 1014, or 3000 to 4999.";let a=new TextEncoder().encode(t).length;return a>mn?`The reason has ${a} bytes; ${mn} fit into a Close frame.`:null}async function Hs(e,t){let{body:n,text:o}=await _e("GET",Ue(e),{signal:t});return{c:n,state:Fs(o)}}function Fs(e){try{return Vt(Re(e),"state")??null}catch{return null}}var zs=e=>e.map((t,n)=>s`${n?", ":""}<a key=${t} href=${y("rooms",t)}><${w} text=${t} most=${60} /></a>`);function Ks(e){return[["Path",s`<${w} text=${e.path} />`],["Route",s`<a href=${y("handlers","",{q:e.route})}><${w} text=${e.route} /></a>`],["Remote",s`${p(e.remote_addr)}${e.tls?", TLS":""}`],["Connected",`${Me(e.connected_at)}, ${J(e.duration_ms)} ago`],["Last activity",Me(e.last_activity_at)],["In",`${v(e.messages_received,"message")}, ${q(e.bytes_received)}`],["Out",`${v(e.messages_sent,"message")}, ${q(e.bytes_sent)}`],["Waiting to be sent",u(e.pending_messages)],["Subprotocol",e.subprotocol===null?"none":p(e.subprotocol)],["Rooms",e.rooms.length?zs(e.rooms):"none"]]}var vt=({values:e,none:t})=>{let n=Object.entries(e??{});return n.length?s`<${Ne} rows=${n.map(([o,a])=>[s`<${w} text=${o} most=${60} />`,s`<${w} text=${a} />`])} />`:s`<p class="muted">${t}</p>`};function Ws({id:e,done:t}){let n=H(),[o,a]=$("1000"),[r,i]=$(""),[c,l]=$(!1),[h,d]=$(null),b=Bs(o,r);async function g(x){if(x.preventDefault(),!(b||c)){l(!0),d(null);try{await Kt(Ue(e)+F({code:o,reason:r})),oe(`Closed ${e} with ${o}`),t()}catch(j){d(`Not closed: ${j.message}`)}l(!1)}}return s`
    <form class="close-form" onSubmit=${g} noValidate>
      <label for=${`${n}-code`}>Code</label>
      <input id=${`${n}-code`} class="short" inputmode="numeric" autocomplete="off" list=${`${n}-codes`} value=${o}
        aria-invalid=${!!b} aria-describedby=${`${n}-hint`} onInput=${x=>a(x.currentTarget.value.trim())} />
      <datalist id=${`${n}-codes`}>${Object.entries(yt).map(([x,j])=>s`<option key=${x} value=${x}>${j}</option>`)}</datalist>
      <label for=${`${n}-reason`}>Reason</label>
      <input id=${`${n}-reason`} class="grow" autocomplete="off" value=${r} onInput=${x=>i(x.currentTarget.value)} />
      <button type="submit" class="danger" disabled=${c}>Close connection</button>
      <p id=${`${n}-hint`} class=${b||h?"hint bad":"hint"} aria-live="polite">${b??h??yt[o]??"a code of the application"}</p>
    </form>`}function $n({id:e}){let t=Dt.get(e);return s`
    <p class="gone" role="status">${t?`This connection is gone: ${p(t)}.`:"This connection is gone."}</p>`}function Us({id:e,c:t,state:n,gone:o,refresh:a}){let r=async(i,c)=>{let l=await V(`${Ue(e)}/send`,i,c);return a(),`${v(l.bytes,"byte")} sent`};return s`
    ${o&&s`<${$n} id=${e} />`}
    <${Ne} rows=${Ks(t)} />
    <p class="links"><a href=${y("messages","",{connection:e})}>Messages of this connection</a></p>
    ${!o&&s`
      <${z} title="Send a message"><${de} send=${r} action="Send" label=${`Message to ${e}`} /><//>
      <${z} title="Close"><${Ws} id=${e} done=${a} /><//>`}
    <${z} title="State">
      ${n&&n.text!=="null"?s`<${be} node=${n} label="State" />`:s`<p class="muted">This connection keeps no state.</p>`}
    <//>
    <${z} title="Parameters of the path"><${vt} values=${t.params} none="The route has none." /><//>
    <${z} title="Query"><${vt} values=${t.query} none="The address had none." /><//>
    <${z} title="Headers"><${vt} values=${t.headers} none="None were kept." /><//>`}function hn({id:e,onClose:t}){let{data:n,error:o,refresh:a}=ee(i=>Hs(e,i),Os,[e]),r=o?.status===404;return s`
    <${$e} title=${s`<span class="mono">${p(e)}</span>`} tools=${s`<${re} text=${e} what="the id" />`} subject=${e} takeFocus onClose=${t}>
      ${!r&&s`<${Z} error=${o} />`}
      ${n?s`<${Us} id=${e} c=${n.c} state=${n.state} gone=${r} refresh=${a} />`:r&&s`<${$n} id=${e} />`}
    <//>`}var ce=100,Ys=1e3,Vs=[{name:"Id",key:"id",className:"c-id"},{name:"Path",key:"path",className:"c-path"},{name:"Remote",key:"remote_addr",className:"c-remote"},{name:"Age",key:"connected_at",turned:!0,className:"c-age number"},{name:"In",key:"messages_received",className:"c-count number"},{name:"Out",key:"messages_sent",className:"c-count number"},{name:"Rooms",className:"c-rooms"}];function Gs(e){let t=[],n={q:"",path:"",room:""};for(let o of e.trim().split(/\s+/)){let[,a,r]=/^(path|room):(.+)$/.exec(o)??[];a?n[a]=r:o&&t.push(o)}return n.q=t.join(" "),n}function Js(){let{query:e,item:t}=A.value;return{item:t,q:e.get("q")??"",sort:e.get("sort")??"",page:Math.max(0,Number.parseInt(e.get("page")??"1",10)-1||0)}}var se=({item:e,q:t,sort:n,page:o})=>["connections",e,{q:t,sort:n,page:o?String(o+1):""}];function Xs({column:e,now:t}){let{name:n,key:o,turned:a,className:r}=e;if(!o)return s`<th scope="col" class=${r}>${n}</th>`;let i=t.sort.replace(/^-/,""),c=t.sort.startsWith("-")!==!!a,l=i===o,d=r.includes("number")&&!a?`-${o}`:o,b=t.sort.startsWith("-")?o:`-${o}`,g=l?b:d;return s`
    <th scope="col" class=${r} aria-sort=${l?c?"descending":"ascending":"none"}>
      <button type="button" onClick=${()=>N(...se({...t,sort:g,page:0}))}>
        ${n}<span class="arrow" aria-hidden="true">${l?c?"▾":"▴":""}</span>
      </button>
    </th>`}var Qs=({c:e,now:t})=>s`
  <tr class=${e.id===t.item?"selected":""} aria-current=${e.id===t.item?"true":void 0}
      onClick=${n=>{n.target.closest("a")||te(...se({...t,item:e.id}))}}>
    <td class="c-id"><a href=${y(...se({...t,item:e.id}))} data-row=${e.id}>${p(e.id)}</a></td>
    <td class="c-path" title=${p(e.path)}><bdi>${p(e.path)}</bdi></td>
    <td class="c-remote">${p(e.remote_addr)}</td>
    <td class="c-age number">${J(e.duration_ms)}</td>
    <td class="c-count number" title=${q(e.bytes_received)}>${u(e.messages_received)}</td>
    <td class="c-count number" title=${q(e.bytes_sent)}>${u(e.messages_sent)}</td>
    <td class="c-rooms" title=${e.rooms.map(p).join(", ")}><bdi>${e.rooms.map(p).join(", ")}</bdi></td>
  </tr>`;function Zs(e){let t={ArrowDown:1,ArrowUp:-1}[e.key];if(!t||!e.target.dataset?.row)return;let n=[...e.currentTarget.querySelectorAll("a[data-row]")];n[n.indexOf(e.target)+t]?.focus(),e.preventDefault()}function eo({now:e}){return e.q?s`<${E} title="No connection matches this filter.">
      <button type="button" onClick=${()=>N(...se({...e,q:"",page:0}))}>Clear the filter</button><//>`:s`
    <${E} title="Nobody is connected. To connect from a terminal:">
      <${Q} text=${ne(D.value,S.value[0]?.path)} /><//>`}function to({now:e,total:t,known:n}){let o=Math.max(1,Math.ceil(t/ce)),a=e.page*ce,r=i=>N(...se({...e,page:i}));return s`
    <div class="pager" role="group" aria-label="Pages">
      <span class="muted">${t?`${u(Math.min(a+1,t))}–${u(Math.min(a+ce,t))} of ${u(t)}`:n&&"none"}</span>
      <button type="button" aria-label="Previous page" disabled=${e.page===0} onClick=${()=>r(e.page-1)}>‹</button>
      <button type="button" aria-label="Next page" disabled=${e.page>=o-1} onClick=${()=>r(e.page+1)}>›</button>
    </div>`}function no({rows:e,now:t}){return s`
    <div class="table-box scroll">
      <table class="rows connections" aria-label="Connections" onKeyDown=${Zs}>
        <thead><tr>${Vs.map(n=>s`<${Xs} key=${n.name} column=${n} now=${t} />`)}</tr></thead>
        <tbody>${e.map(n=>s`<${Qs} key=${n.id} c=${n} now=${t} />`)}</tbody>
      </table>
      ${!e.length&&s`<${eo} now=${t} />`}
    </div>`}function fn(e){let t=CSS.escape(e.item);te(...se({...e,item:""})),requestAnimationFrame(()=>document.querySelector(`a[data-row="${t}"]`)?.focus({preventScroll:!0}))}function bn(){let e=Js(),t=Ke.value,n={...Gs(e.q),sort:e.sort,limit:ce,offset:e.page*ce},o=F(n),{data:a,error:r,refresh:i}=ee(h=>B(`/connections${o}`,h),Ys,[o]),c=_(!0);k(()=>{c.current||i(),c.current=!1},[t]);let l=a?.count??0;return k(()=>{a&&e.page&&e.page*ce>=l&&N(...se({...e,page:Math.max(0,Math.ceil(l/ce)-1)}))},[l,e.page]),s`
    <div class=${`page split ${e.item?"with-panel":""}`} onKeyDown=${me(()=>fn(e),e.item)}>
      <div class="main">
        <div class="bar">
          <h1>Connections</h1>
          <input type="search" class="grow" data-filter aria-label="Filter connections" placeholder="Filter: id, path, address, room:name, path:/…"
            value=${e.q} onInput=${h=>N(...se({...e,q:h.currentTarget.value,page:0}))} />
          <${to} now=${e} total=${l} known=${!!a} />
        </div>
        <${Z} error=${r} />
        ${a&&s`<${no} rows=${a.connections} now=${e} />`}
      </div>
      ${e.item&&s`<${hn} key=${e.item} id=${e.item} onClose=${()=>fn(e)} />`}
    </div>`}var P=m({path:"",message:""}),ve=m(null);function so(e,t){return e.number===t?{tone:"good",word:"answers"}:e.matches?{tone:"",word:t!==null&&e.number>t?"would match, too late":"matches"}:{tone:"idle",word:"no match"}}function oo({rule:e,answeredBy:t}){let{tone:n,word:o}=so(e,t);return s`
    <li class=${`try-rule ${n}`} aria-current=${e.number===t?"true":void 0}>
      <span class="number">${e.number}</span>
      <div>
        <p class="try-line"><code><${w} text=${e.pattern} most=${200} /></code><span class="muted">${e.kind}</span>${e.place&&s`<${ae} place=${e.place} />`}</p>
        <p class="try-reason"><b>${o}</b>${e.reason?s`: <${w} text=${e.reason} most=${400} />`:""}${e.note?s`<small>${p(e.note)}</small>`:""}</p>
      </div>
    </li>`}function ro({text:e}){let t=/^\s*[[{]/.test(e)?Ye(e):null;return s`
    <div class="try-answer">
      <pre class="raw"><${w} text=${e} most=${4e3} multiline /></pre>
      <${re} text=${e} what="the answer" />
      ${t&&s`<details><summary>As a tree</summary><${be} node=${t} label="Answer" /></details>`}
    </div>`}function ao({answered_by:e,answers:t,rules:n,forwarded:o}){return e!==null?`Rule ${e} answers${t.length?"":" with nothing"}`:o?"The message goes on to the server behind":t.length?"The handler answers without a rule":n.length?"No rule answers":"This handler has no rules"}function io({answer:e}){let{route:t,answered_by:n,rules:o,answers:a,script:r}=e;return s`
    <div class="try-result">
      <h2 role="status">${ao(e)} <span class="muted">on route <span class="mono">${p(t)}</span></span></h2>
      ${r&&s`<p class="note">This route runs a script. Scripts are not run here, so the real answer may differ.</p>`}
      ${a.length>0&&s`<h3>${a.length===1?"It would send":`It would send ${v(a.length,"message")}`}</h3>`}
      ${a.map((i,c)=>s`<${ro} key=${c} text=${i} />`)}
      ${o.length>0&&s`<h3>Rules, in their order</h3>
        <ol class="try-rules">${o.map(i=>s`<${oo} key=${i.number} rule=${i} answeredBy=${n} />`)}</ol>`}
    </div>`}var lo=({error:e})=>s`
  <div class="try-result">
    <p class="failure" role="alert">${ue(p(e))}</p>
    ${S.value.length>0&&s`<p class="muted">Routes: ${S.value.slice(0,20).map((t,n)=>s`${n?", ":""}<button type="button" class="place" key=${n}
      onClick=${()=>{P.value={...P.value,path:Ie(t.path)}}}>${p(t.path)}</button>`)}</p>`}
  </div>`;async function co(){let{path:e,message:t}=P.value;try{let n=await V("/try",JSON.stringify({path:e,message:t}),"application/json");ve.value={path:e,message:t,answer:n}}catch(n){ve.value={error:n.message}}}function uo(){let[e,t]=$(!1),n=async l=>{l.preventDefault(),!e&&(t(!0),await co(),t(!1))},o=l=>{l.key==="Enter"&&(l.ctrlKey||l.metaKey)&&n(l)},a=l=>{P.value={...P.value,...l}},{path:r,message:i}=P.value,c=ve.value?.answer&&(ve.value.path!==r||ve.value.message!==i);return s`
    <form class="try-form" onSubmit=${n}>
      <label for="try-path">Path</label>
      <input id="try-path" class="code" list="try-paths" required spellcheck=${!1} autocomplete="off" placeholder="/chat" value=${r} onInput=${l=>a({path:l.currentTarget.value})} />
      <datalist id="try-paths">${S.value.map((l,h)=>s`<option key=${h} value=${Ie(l.path)}>${l.kind}</option>`)}</datalist>
      <label for="try-message">Message</label>
      <textarea id="try-message" class="code" rows="12" spellcheck=${!1} placeholder='{"type": "ping"}' value=${i}
        onInput=${l=>a({message:l.currentTarget.value})} onKeyDown=${o}></textarea>
      <div class="actions">
        <button type="submit" class="primary" disabled=${e}>Try</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span class="muted">${c?"Changed since the result was made.":"Nothing is sent to anybody."}</span>
      </div>
    </form>`}function vn(){k(()=>{X().then(()=>{let[t]=S.value;!P.value.path&&t&&(P.value={...P.value,path:Ie(t.path)})},()=>{})},[]);let e=ve.value;return s`
    <div class="page main">
      <div class="bar"><h1>Try a message</h1></div>
      <div class="try scroll">
        <${uo} />
        <div>
          ${!e&&s`<${E} title="Choose a path, paste a message and press Try."><p class="muted">You see which rule would answer, why each other one would not, and what would be sent.</p><//>`}
          ${e?.error&&s`<${lo} error=${e.error} />`}
          ${e?.answer&&s`<${io} answer=${e.answer} />`}
        </div>
      </div>
    </div>`}var po=2e3,yn=(e,t)=>e&&t?`${e.replace(/:\d+(:\d+)?$/,"")}:${t}`:null;function gn(e){return[e.when&&"only when its condition holds",e.answers===0?"no answer":e.answers>1&&`${u(e.answers)} answers`,e.continue&&"goes on to the next rules"].filter(Boolean).join(", ")}var mo=({rule:e,place:t})=>s`
  <tr class=${e.hits?"":"idle"}>
    <td class="number r-number">${e.number}</td>
    <td class="r-pattern"><code><${w} text=${e.pattern} most=${200} /></code>${gn(e)&&s`<small>${gn(e)}</small>`}</td>
    <td class="r-kind">${e.kind}</td>
    <td class="r-place">${(e.place??yn(t,e.line))&&s`<${ae} place=${e.place??yn(t,e.line)} />`}</td>
    <td class="number r-hits">${u(e.hits)}</td>
  </tr>`,$o=({h:e})=>s`
  <table class="rows rules" aria-label=${`Rules of ${e.path}`}>
    <thead><tr><th scope="col" class="number r-number">#</th><th scope="col" class="r-pattern">Pattern</th><th scope="col" class="r-kind">Kind</th>
      <th scope="col" class="r-place">Place</th><th scope="col" class="number r-hits">Hits</th></tr></thead>
    <tbody>${e.rules.map(t=>s`<${mo} key=${t.number} rule=${t} place=${e.place} />`)}</tbody>
  </table>`,ho=({kind:e,interval_ms:t,sent:n})=>`${e==="broadcast"?"Broadcast to all":"To each connection"} every ${At(t)}: ${u(n)} sent`,wn=({name:e,all:t})=>t&&s`
  <span class="took" title=${`${e}, ${v(t.count,"time")} since the start: half took at most ${U(t.p50_ms)}, 90 of 100 at most ${U(t.p90_ms)}, 99 at most ${U(t.p99_ms)}`}>
    ${e}: p50 <b>${U(t.p50_ms)}</b>, p90 <b>${U(t.p90_ms)}</b>, p99 <b>${U(t.p99_ms)}</b></span>`,fo=({h:e})=>e.kind.startsWith("websocket")&&s`
  <p class="latency muted">${e.latency?s`<${wn} name="Messages" all=${e.latency} />`:"No messages since the start."}<${wn} name="Scripts" all=${e.script_latency} /></p>`,bo=({h:e})=>s`
  <article class="handler">
    <header>
      <h2><bdi>${p(e.path)}</bdi></h2>
      <span class="muted">${p(e.kind)}${e.host?`, host ${p(e.host)}`:""}</span>
      <${ae} place=${e.place} />
      <span class="spacer"></span>
      <a href=${y("connections","",{q:`path:${e.path}`})}>${v(e.connections,"connection")}</a>
      <a href=${y("try")} onClick=${()=>{P.value={...P.value,path:e.path}}}>Try a message</a>
    </header>
    <${fo} h=${e} />
    ${e.rules.length?s`<${$o} h=${e} />`:s`<p class="muted">No rules.</p>`}
    ${e.timers.length>0&&s`<ul class="timers">${e.timers.map((t,n)=>s`<li key=${n}>${ho(t)}</li>`)}</ul>`}
    ${e.notes.map((t,n)=>s`<p class="note" key=${n}><${w} text=${t} most=${400} /></p>`)}
  </article>`,vo=(e,t)=>!t||[e.path,e.kind,e.place,e.host??"",...e.rules.map(n=>n.pattern)].some(n=>n.toLowerCase().includes(t));function kn(){let{data:e,error:t}=ee(X,po,[]),n=A.value.query.get("q")??"",o=e?.handlers??S.value,a=o.filter(r=>vo(r,n.trim().toLowerCase()));return s`
    <div class="page main">
      <div class="bar">
        <h1>Handlers</h1>
        <input type="search" class="grow" data-filter aria-label="Filter handlers" placeholder="Filter: path, kind, file, pattern"
          value=${n} onInput=${r=>N("handlers","",{q:r.currentTarget.value})} />
        <span class="muted">${n?`${u(a.length)} of ${u(o.length)}`:v(o.length,"handler")}</span>
      </div>
      <div class="scroll list">
        <${Z} error=${t} />
        ${a.map((r,i)=>s`<${bo} key=${`${r.host} ${r.path} ${i}`} h=${r} />`)}
        ${e&&!a.length&&(o.length?s`<${E} title="No handler matches this filter."><button type="button" onClick=${()=>N("handlers")}>Clear the filter</button><//>`:s`<${E} title="The files define no WebSocket routes. Add one, save, and press Reload."><pre class="raw">${yo}</pre><//>`)}
      </div>
    </div>`}var yo=`- websocket:
    path: /chat
    on-message:
      - pattern: ping
        response: pong`;var xn=e=>(e.text??e.base64??"").length,Le=class e{constructor(t=[]){this.items=t,this.head=0}get length(){return this.items.length-this.head}at(t){return this.items[this.head+t]}push(t){this.items.push(t)}shift(){let t=this.items[this.head];return this.items[this.head]=void 0,this.head+=1,this.head>1024&&this.head*2>this.items.length&&(this.items=this.items.slice(this.head),this.head=0),t}copy(){return new e(this.items.slice(this.head))}clear(){this.items=[],this.head=0}},je=class{constructor(t=2e4,n=48e6){this.capacity=t,this.capacityChars=n,this.fifo=new Le,this.chars=0,this.next=0,this.dropped=0}get first(){return this.next-this.fifo.length}push(t){for(t.n=this.next,this.next+=1,this.chars+=xn(t),this.fifo.push(t);this.fifo.length>this.capacity||this.chars>this.capacityChars&&this.fifo.length>1;)this.chars-=xn(this.fifo.shift()),this.dropped+=1}clear(){this.fifo.clear(),this.chars=0,this.dropped=0}},go=()=>new Promise(e=>{setTimeout(e,0)}),Sn=()=>!0,Qe=class{constructor(t){this.log=t,this.test=Sn,this.fifo=new Le,this.seen=t.next,this.run=0,this.building=!1}get length(){return this.fifo.length}at(t){return this.fifo.at(t)}update(){if(this.building)return 0;let{log:t}=this;for(let n=Math.max(this.seen,t.first);n<t.next;n+=1){let o=t.fifo.at(n-t.first);this.test(o)&&this.fifo.push(o)}return this.seen=t.next,Cn(this.fifo,t.first)}async rebuild(t,n=this.log){this.run+=1;let o=this.run;this.building=!0,this.log=n,this.test=t;let a=new Le,r=n.first;for(;r<n.next;){let i=performance.now()+6;if(r=wo(n,r,t,a,i),r>=n.next)break;if(await go(),o!==this.run)return!1}return Cn(a,n.first),this.fifo=a,this.seen=r,this.building=!1,!0}};function wo(e,t,n,o,a){let r=Math.max(t,e.first);for(;r<e.next;){let i=e.fifo.at(r-e.first);if(n(i)&&o.push(i),r+=1,r%32===0&&performance.now()>a)break}return r}function Cn(e,t){let n=0;for(;e.length&&e.at(0).n<t;)e.shift(),n+=1;return n}var ko=e=>e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&");function Tn({direction:e,path:t,connection:n,text:o}){let a=o?new RegExp(ko(o),"i"):null;return!e&&!t&&!n&&!a?Sn:r=>(!e||r.direction===e)&&(!t||r.path.includes(t))&&(!n||r.connection===n)&&(!a||a.test(r.text??""))}function En(e){let t=new je(e.capacity,e.capacityChars);return t.fifo=e.fifo.copy(),t.next=e.next,t}var I=new je,nt=m(0),De=m(0),ge=m(null),qe=new Set,xo=200,et=!1,tt=0,gt=0,ye=null,Ze=!1;function Co(){if(Ze)return;Ze=!0;let e=()=>{Ze&&(Ze=!1,nt.value+=1)};requestAnimationFrame(e),setTimeout(e,200)}function wt(e){if(ye){ye.push(e);return}for(let t of e)t.seq<=tt||(tt=t.seq,qe.size<xo&&qe.add(t.path),I.push(t));Co()}async function Mn(){if(ye)return;ye=[];let e=[];try{e=(await B(`/messages${F({limit:1e3,after:tt||"",...ge.value})}`)).messages}catch{}let t=ye;ye=null,wt(e);for(let n of t)wt(n)}function kt(){sn({type:"filter",messages:!0,path:null,direction:null,connection:null,...ge.value})}Xe((e,t)=>{let n=e.stats?.uptime_ms??gt;n<gt&&(tt=0),gt=n,et&&(t&&(kt(),Mn()),e.dropped&&(De.value+=e.dropped),e.messages?.length&&wt(e.messages))});function _n(){et||(et=!0,M.value.kind==="live"&&(kt(),Mn()))}function xt(e){ge.value=e,et&&kt()}function Rn(){I.clear(),De.value=0,nt.value+=1}var An=6;function Nn(e,t,n,o,a){let r=_(null),i=_({top:0,height:0}),[c,l]=$(0),[h,d]=$(0);k(()=>{let f=new ResizeObserver(()=>d(r.current?.clientHeight??0));return f.observe(r.current),()=>f.disconnect()},[]),Rt(()=>{let f=r.current;f&&(o?f.scrollTop=f.scrollHeight:n.current&&(f.scrollTop-=n.current*e),n.current=0,i.current={top:f.scrollTop,height:f.scrollHeight},!o&&f.scrollTop!==c&&l(f.scrollTop))});let b=()=>{let f=r.current;if(!f)return;let W=i.current,Fe=f.scrollHeight-f.clientHeight,C=f.scrollTop<W.top-1&&f.scrollHeight>=W.height;i.current={top:f.scrollTop,height:f.scrollHeight},!(o&&!C)&&(C&&o&&f.scrollTop<Fe-1?a(!1):!o&&!C&&f.scrollTop>=Fe-1&&a(!0),l(f.scrollTop))},g=f=>{let W=r.current;W&&(f.deltaY>=0||W.scrollHeight<=W.clientHeight||(l(W.scrollTop),a(!1)))},x=o?Math.max(0,t*e-h):c,j=Math.max(0,Math.min(t,Math.floor(x/e))-An),Se=Math.min(t,Math.ceil((x+h)/e)+An);return{box:r,from:j,to:Se,onScroll:b,onWheel:g}}function Pn(e,t,n){let o=t*n;o<e.scrollTop?e.scrollTop=o:o+n>e.scrollTop+e.clientHeight&&(e.scrollTop=o+n-e.clientHeight)}var In=({length:e,from:t,rowHeight:n,children:o})=>s`
  <div class="sizer" role="presentation" style=${{height:`${e*n}px`}}>
    <div class="slice" role="presentation" style=${{transform:`translateY(${t*n}px)`}}>${o}</div>
  </div>`;var So=2e6,Oe=m(!1),To=e=>[["Time",s`<span title=${e.at}>${Me(e.at)}</span>`],["Direction",e.direction==="in"?"in, from the client":"out, to the client"],["Connection",s`<a href=${y("connections",e.connection)}>${p(e.connection)}</a>`],["Path",s`<${w} text=${e.path} />`],["Size",`${e.kind}, ${e.bytes<1024?v(e.bytes,"byte"):`${q(e.bytes)} (${u(e.bytes)} bytes)`}`],["Number",u(e.seq)]],Eo=({m:e})=>e.cut&&s`
  <p class="hint">The server keeps the beginning of long messages; this one has ${v(e.bytes,"byte")}.</p>`;function Mo(e){try{return Pt(e)}catch{return"(not readable)"}}var _o=({m:e})=>s`<pre class="raw">${Mo(e.base64??"")}</pre>`,Ro=()=>s`
  <fieldset class="choices">
    <legend class="visually-hidden">View</legend>
    <label><input type="radio" name="view" checked=${!Oe.value} onChange=${()=>{Oe.value=!1}} />Tree</label>
    <label><input type="radio" name="view" checked=${Oe.value} onChange=${()=>{Oe.value=!0}} />Raw</label>
  </fieldset>`;function Ao({m:e}){let t=e.text??"",n=!e.cut&&t.length<So&&/^\s*[[{]/.test(t)?Ye(t):null;return s`
    ${n&&s`<${Ro} />`}
    ${n&&!Oe.value?s`<${be} node=${n} label="Message" />`:s`<pre class="raw"><${w} text=${t} most=${8192} multiline /></pre>`}`}function No(e){P.value={path:e.path,message:e.text??""},te("try")}function Ln({message:e,onClose:t}){return s`
    <${$e} title="Message" subject=${e.n} onClose=${t}>
      <${Ne} rows=${To(e)} />
      <div class="actions">
        <${re} text=${e.text??e.base64??""} label=${e.kind==="binary"?"Copy as base64":"Copy text"} what="the message" />
        ${e.kind==="text"&&!e.cut&&s`<button type="button" onClick=${()=>No(e)}>Try it</button>`}
      </div>
      <${Eo} m=${e} />
      <div key=${e.n}>${e.kind==="binary"?s`<${_o} m=${e} />`:s`<${Ao} m=${e} />`}</div>
    <//>`}var Be=24,jn=400,Io=120,K=new Qe(I),st=m(0),Ct={current:0},O=m({direction:"",path:"",connection:"",text:""}),L=m(null),ke=m(!0),T=m(null);async function St(e=L.value?.log??I){await K.rebuild(Tn(O.value),e)&&(st.value+=1)}nt.subscribe(()=>{if(L.value){st.value+=1;return}I.first===I.next&&(Ct.current=0),Ct.current+=K.update(),st.value+=1});function Tt(e){L.value=e?{at:I.next,log:En(I)}:null,e||(ke.value=!0),St()}var qn=0;function we(e){O.value={...O.value,...e},clearTimeout(qn),qn=setTimeout(()=>St(),Io),ge.value&&xt(On());let{connection:t}=O.value;(A.value.query.get("connection")??"")!==t&&N("messages","",{connection:t})}function On(){let{direction:e,path:t,connection:n}=O.value;return{direction:e||null,path:qe.has(t)?t:null,connection:n||null}}function Lo(){Rn(),T.value=null,L.value?Tt(!1):St()}var jo=[["","Both"],["in","In"],["out","Out"]],qo=()=>s`
  <fieldset class="choices">
    <legend class="visually-hidden">Direction</legend>
    ${jo.map(([e,t])=>s`
      <label key=${e}><input type="radio" name="direction" value=${e} checked=${O.value.direction===e}
        onChange=${()=>we({direction:e})} />${t}</label>`)}
  </fieldset>`,Do=()=>s`
  <div class="bar">
    <h1>Messages</h1>
    <button type="button" class="pause" title="Space, in the list" aria-pressed=${!!L.value} onClick=${()=>Tt(!L.value)}>${L.value?"Resume":"Pause"}</button>
    <button type="button" onClick=${Lo}>Clear</button>
    <${qo} />
    <input type="search" class="path-filter" list="message-paths" aria-label="Filter by path" placeholder="Path" autocomplete="off"
      value=${O.value.path} onInput=${e=>we({path:e.currentTarget.value.trim()})} />
    <datalist id="message-paths">${[...qe].map(e=>s`<option key=${e} value=${e} />`)}</datalist>
    <input type="search" class="grow" data-filter aria-label="Search in messages" placeholder="Search text" autocomplete="off"
      value=${O.value.text} onInput=${e=>we({text:e.currentTarget.value})} />
    ${O.value.connection&&s`
      <button type="button" class="chip" aria-label=${`Show all connections, not only ${O.value.connection}`} onClick=${()=>we({connection:""})}>
        <span class="mono">${p(O.value.connection)}</span> ×</button>`}
  </div>`;function Oo(e){if(e.kind==="binary")return It(e.base64??"");let t=e.text??"";return p(t.length>jn?t.slice(0,jn):t)}var Bn=e=>`m-${e.n}`;function Bo({message:e,index:t}){let n=T.value===e;return s`
    <div role="row" class=${`log-row ${e.direction} ${n?"selected":""}`} id=${Bn(e)} data-index=${t}
      aria-rowindex=${t+2} aria-selected=${n}>
      <span role="gridcell" class="l-time">${Ee(e.at,!1)}<span class="ms">${Ee(e.at).slice(8)}</span></span>
      <span role="gridcell" class="l-dir">${e.direction}</span>
      <span role="gridcell" class="l-conn">${p(e.connection)}</span>
      <span role="gridcell" class="l-path"><bdi>${p(e.path)}</bdi></span>
      <span role="gridcell" class="l-size number">${q(e.bytes)}</span>
      <span role="gridcell" class=${`l-text ${e.kind}`}><bdi>${Oo(e)}</bdi></span>
    </div>`}var Ho=[["l-time","Time"],["l-dir","Dir"],["l-conn","Connection"],["l-path","Path"],["l-size number","Size"],["l-text","Message"]],Fo=()=>s`
  <div role="row" class="log-row log-head" aria-rowindex="1">
    ${Ho.map(([e,t])=>s`<span key=${t} role="columnheader" class=${e}>${t}</span>`)}
  </div>`;function Hn(e){let t=0,n=K.length-1;for(;t<=n;){let o=t+n>>1,a=K.at(o).n;if(a===e.n)return o;a<e.n?t=o+1:n=o-1}return-1}var zo={ArrowDown:e=>e+1,ArrowUp:e=>e-1,PageDown:(e,t)=>e+t,PageUp:(e,t)=>e-t,Home:()=>0,End:()=>1/0};function Fn(e,t){let n=K.length-1;if(n<0)return;let o=Math.max(0,Math.min(n,t));ke.value=t===1/0,T.value=K.at(o),Pn(e,o,Be)}function Ko(e,t){if(e.target.closest("button"))return;if(e.key==="Escape"&&T.value){T.value=null,e.preventDefault();return}if(e.key===" "){Tt(!L.value),e.preventDefault();return}if(e.key==="Enter"&&T.value){document.querySelector(".panel h2")?.focus(),e.preventDefault();return}let n=zo[e.key];if(!n)return;e.preventDefault();let o=T.value?Hn(T.value):-1,a=Math.max(1,Math.floor(t.clientHeight/Be)-1),r=o<0?e.key==="ArrowUp"?K.length:Math.floor(t.scrollTop/Be)-1:o;Fn(t,n(r,a))}function Wo(){let{direction:e,path:t,connection:n,text:o}=O.value;return I.fifo.length&&(e||t||n||o)?s`<${E} title="No recorded message matches these filters.">
      <button type="button" onClick=${()=>we({direction:"",path:"",connection:"",text:""})}>Clear the filters</button><//>`:s`
    <${E} title="No messages yet. Recording since this page was opened; to send one from a terminal:">
      <${Q} text=${ne(D.value,S.value[0]?.path)} /><//>`}var zn=()=>(st.value,K.length);function Uo(){let e=zn(),{box:t,from:n,to:o,onScroll:a,onWheel:r}=Nn(Be,e,Ct,ke.value,d=>{ke.value=d}),i=[];for(let d=n;d<o;d+=1){let b=K.at(d);i.push(s`<${Bo} key=${b.n} message=${b} index=${d} selected=${T.value===b} />`)}let c=T.value&&Hn(T.value),l=c!==null&&c>=n&&c<o,h=d=>{let b=d.target.closest("[data-index]");!b||String(getSelection())||Fn(t.current,Number(b.dataset.index))};return s`
    <div class="log" role="grid" tabindex="0" aria-label="Messages, newest last" aria-rowcount=${e+1}
      aria-activedescendant=${l?Bn(T.value):void 0} onKeyDown=${d=>Ko(d,t.current)}>
      <${Fo} />
      <div class="log-box scroll" ref=${t} role="rowgroup" tabindex="-1" onScroll=${a} onWheel=${r} onClick=${h}>
        <${In} length=${e} from=${n} rowHeight=${Be}>${i}<//>
        ${!e&&!K.building&&D.value&&s`<${Wo} />`}
      </div>
    </div>`}function Yo(){let e=zn(),t=L.value?I.next-L.value.at:0,n=L.value?L.value.log.fifo.length:I.fifo.length,o=[`${u(e)} shown of ${u(n)} kept (at most ${u(2e4)})`];return I.dropped&&o.push(`${u(I.dropped)} older dropped`),De.value&&o.push(`${u(De.value)} left out by the server, too fast`),s`
    <div class="foot">
      <span class="foot-text">${o.join(" · ")}</span>
      <label class="check" title="The server then sends only what direction, path and connection let through">
        <input type="checkbox" checked=${!!ge.value} onChange=${a=>xt(a.currentTarget.checked?On():null)} />
        Record only what is shown</label>
      <span class="foot-state">
        ${L.value&&s`<b>Paused</b>, ${u(t)} waiting`}
        ${!L.value&&(ke.value?"Following the newest":s`<button type="button" class="chip" onClick=${()=>{ke.value=!0}}>Follow the newest</button>`)}
      </span>
    </div>`}function Dn(){T.value=null,requestAnimationFrame(()=>document.querySelector(".log")?.focus({preventScroll:!0}))}function Kn(){let e=A.value.query.get("connection")??"",t=_(null);return k(_n,[]),k(()=>{t.current!==e&&O.value.connection!==e&&(e||t.current!==null)&&we({connection:e}),t.current=e},[e]),s`
    <div class=${`page split ${T.value?"with-panel":""}`} onKeyDown=${me(Dn,T.value)}>
      <div class="main">
        <${Do} />
        <${Uo} />
        <${Yo} />
      </div>
      ${T.value&&s`<${Ln} message=${T.value} onClose=${Dn} />`}
    </div>`}var Un=["system","light","dark"],Wn="sockeye.theme",xe=m(document.documentElement.dataset.theme??"system");function Yn(e){e==="system"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e;try{e==="system"?localStorage.removeItem(Wn):localStorage.setItem(Wn,e)}catch{}xe.value=e}var Gn={messages:{lines:[{colour:"--in"},{colour:"--out",dash:[6,3]}],columns:["received","sent"]},latency:{lines:[{colour:"--in"},{colour:"--out",dash:[6,3]}],columns:["p50","p99"],scale:"time"},connections:{lines:[{colour:"--accent"}],columns:["active"]}},Vn=e=>["time",...Gn[e].columns].map(t=>at[t]);async function Vo(e,t){let{draw:n}=await import("./chart-AEAPYVK6.js");if(!t.current)return()=>{};let{lines:o,scale:a}=Gn[e],r=n(t.current,o,Vn(e),a),i=matchMedia("(prefers-color-scheme: dark)");i.addEventListener("change",r.repaint);let c=[Te(()=>{it.value&&r.set(Vn(e))}),Te(()=>{xe.value&&r.repaint()}),()=>i.removeEventListener("change",r.repaint),r.destroy];return()=>c.forEach(l=>l())}function Et({which:e,label:t,empty:n}){let o=_(null);return k(()=>{let a=!1,r=()=>{};return Vo(e,o).then(i=>{a?i():r=i},()=>{}),()=>{a=!0,r()}},[]),s`
    <div class="chart-box">
      <div class="chart" role="img" aria-label=${t} ref=${o}></div>
      ${n&&s`<p class="chart-empty muted">${n}</p>`}
    </div>`}var He=({tone:e,name:t,value:n})=>s`<span class=${`key ${e}`}><i></i>${t} <b>${n}</b></span>`,Go=()=>{let[e,t]=[Y.value.received,Y.value.sent].map(G);return s`
    <section>
      <header><h2>Messages per second</h2><${He} tone="in" name="in" value=${e} /><${He} tone="out" name="out" value=${t} /></header>
      <${Et} which="messages" label=${`Messages per second over five minutes; now ${e} in, ${t} out`} />
    </section>`};function Jo({latency:e}){let[t,n]=[e?.p50_ms,e?.p99_ms].map(U),o=it.value>0&&at.p99.every(a=>a===null);return s`
    <section>
      <header>
        <h2 title="From the read that brings a message to the write of all that it causes; messages of the last ten seconds">Latency</h2>
        <${He} tone="in" name="p50" value=${t} /><${He} tone="out" name="p99" value=${n} />
      </header>
      <${Et} which="latency" label=${`Time to answer a message over five minutes; now half take at most ${t}, 99 of 100 at most ${n}`}
        empty=${o&&"No message came in these minutes."} />
    </section>`}var Xo=({active:e})=>s`
  <section>
    <header><h2>Connections</h2><${He} tone="accent" name="active" value=${e} /></header>
    <${Et} which="connections" label=${`Connections over five minutes; now ${e}`} />
  </section>`,Jn=({now:e})=>s`
  <div class="charts">
    <${Go} />
    <${Jo} latency=${e?.latency} />
    <${Xo} active=${u(e?.connections.active)} />
  </div>`;var Qo=e=>e&&Object.values(e).reduce((t,n)=>t+n,0),Ce=({name:e,value:t,note:n,tone:o=""})=>s`
  <div class=${`figure ${o}`}><dt>${e}</dt><dd>${t}${n&&s`<small>${n}</small>`}</dd></div>`;function Zo({now:e}){let t=Qo(e?.errors),n=e?.connections.rejected;return s`
    <dl class="figures">
      <${Ce} name="Active connections" value=${u(e?.connections.active)} note=${`${u(e?.connections.total)} in total`} />
      <${Ce} name="Rejected" value=${u(n)} note="handshakes" tone=${n?"warn":""} />
      <${Ce} name="Messages in" value=${G(Y.value.received)} note=${`per s, ${u(e?.messages.received)} in total`} />
      <${Ce} name="Messages out" value=${G(Y.value.sent)} note=${`per s, ${u(e?.messages.sent)} in total`} />
      <${Ce} name="Unanswered" value=${u(e?.unanswered)} note="no rule matched" />
      <${Ce} name="Errors" value=${u(t)} note=${t?"of the kinds below":t===0?"none so far":""} tone=${t?"bad":""} />
    </dl>`}var er=e=>e.replaceAll("_"," ");function tr({errors:e}){let t=Object.entries(e??{}).sort((n,o)=>o[1]-n[1]);return s`
    <section>
      <h2>Errors by kind</h2>
      ${t.length?s`<table class="plain"><tbody>${t.map(([n,o])=>s`
            <tr key=${n} class=${o?"":"idle"}><th scope="row">${er(n)}</th><td class="number">${u(o)}</td></tr>`)}</tbody></table>`:s`<p class="muted">${e?"The server counts no kinds of errors.":"–"}</p>`}
    </section>`}function nr({now:e}){let t=[["Version",e?.version??"–"],["Up for",J(e?.uptime_ms)],["Generation of the files",u(e?.generation)],["Rooms",s`<a href=${y("rooms")}>${u(e?.rooms)}</a>`],["Bytes in",q(e?.bytes.received)],["Bytes out",q(e?.bytes.sent)]];return s`
    <section>
      <h2>Server</h2>
      <table class="plain"><tbody>${t.map(([n,o])=>s`
        <tr key=${n}><th scope="row">${n}</th><td class="number">${o}</td></tr>`)}</tbody></table>
    </section>`}function Xn(){let e=D.value,t=e&&e.connections.total===0;return s`
    <div class="page scroll">
      <h1 class="visually-hidden">Overview</h1>
      <${Zo} now=${e} />
      ${t&&s`
        <${E} title="Nobody has connected yet. To be the first:"><${Q} text=${ne(e)} /><//>`}
      <${Jn} now=${e} />
      <div class="columns"><${tr} errors=${e?.errors} /><${nr} now=${e} /></div>
    </div>`}var sr=2e3,ot=200,or=e=>[...e].sort((t,n)=>n.size-t.size||t.name.localeCompare(n.name)),rr=({room:e,selected:t,params:n})=>s`
  <tr class=${t?"selected":""} aria-current=${t?"true":void 0}
      onClick=${o=>{o.target.closest("a")||te("rooms",e.name,n)}}>
    <td class="room-name"><a href=${y("rooms",e.name,n)} title=${p(e.name)}><bdi>${p(e.name)}</bdi></a></td>
    <td class="number room-size">${u(e.size)}</td>
    <td class="room-members"><bdi>${e.members.slice(0,8).map(p).join(", ")}${e.members.length>8?" …":""}</bdi></td>
  </tr>`,ar=({rooms:e,item:t,params:n})=>{let[o,a]=$(ot);return s`
    <table class="rows rooms" aria-label="Rooms">
      <thead><tr><th scope="col" class="room-name">Room</th><th scope="col" class="number room-size">Members</th><th scope="col" class="room-members">Who</th></tr></thead>
      <tbody>${e.slice(0,o).map(r=>s`<${rr} key=${r.name} room=${r} selected=${r.name===t} params=${n} />`)}</tbody>
    </table>
    ${e.length>o&&s`<button type="button" class="more" onClick=${()=>a(o+ot)}>show more (${u(e.length-o)} left)</button>`}`};function ir({room:e}){let[t,n]=$(ot);return s`
    <ul class="members">${e.members.slice(0,t).map(o=>s`<li key=${o}><a href=${y("connections",o)}>${p(o)}</a></li>`)}</ul>
    ${e.members.length>t&&s`<button type="button" class="more" onClick=${()=>n(t+ot)}>show more (${u(e.members.length-t)} left)</button>`}`}function lr({name:e,room:t,onClose:n}){let o=async(a,r)=>{let{delivered:i}=await V(`/broadcast${F({room:e})}`,a,r);return i?`Delivered to ${v(i,"connection")}`:"Nobody is in this room any more"};return s`
    <${$e} title=${s`<bdi>${p(e)}</bdi>`} subject=${e} takeFocus onClose=${n}>
      ${!t&&s`<p class="gone" role="status">Nobody is in this room any more.</p>`}
      <${z} title="Broadcast to this room"><${de} send=${o} action="Broadcast" label=${`Message to room ${e}`} /><//>
      ${t&&s`<${z} title=${v(t.size,"member")}><${ir} room=${t} /><//>`}
      ${t&&s`<p class="links"><a href=${y("connections","",{q:/\s/.test(e)?"":`room:${e}`})}>Show them as connections</a></p>`}
    <//>`}function cr({words:e}){return e?s`<${E} title="No room matches this filter."><button type="button" onClick=${()=>N("rooms")}>Clear the filter</button><//>`:s`
    <${E} title="There are no rooms. A room exists while a connection is in it; handlers put connections into rooms when they join. To connect:">
      <${Q} text=${ne(D.value,(S.value.find(t=>t.kind.includes("room"))??S.value[0])?.path)} /><//>`}function Qn(e,t){te("rooms","",t),requestAnimationFrame(()=>document.querySelector(`a[href="${CSS.escape(y("rooms",e,t))}"]`)?.focus({preventScroll:!0}))}function Zn(){let{data:e,error:t}=ee(l=>B("/rooms",l),sr,[]),{item:n,query:o}=A.value,a=o.get("q")??"",r={q:a},i=or(e?.rooms??[]),c=i.filter(l=>l.name.toLowerCase().includes(a.trim().toLowerCase()));return s`
    <div class=${`page split ${n?"with-panel":""}`} onKeyDown=${me(()=>Qn(n,r),n)}>
      <div class="main">
        <div class="bar">
          <h1>Rooms</h1>
          <input type="search" class="grow" data-filter aria-label="Filter rooms" placeholder="Filter: name" value=${a}
            onInput=${l=>N("rooms",n,{q:l.currentTarget.value})} />
          <span class="muted">${e?a?`${u(c.length)} of ${u(i.length)}`:v(i.length,"room"):""}</span>
        </div>
        <${Z} error=${t} />
        <div class="table-box scroll">
          ${c.length>0&&s`<${ar} rooms=${c} item=${n} params=${r} />`}
          ${e&&!c.length&&s`<${cr} words=${a} />`}
        </div>
      </div>
      ${n&&s`<${lr} key=${n} name=${n} room=${i.find(l=>l.name===n)} onClose=${()=>Qn(n,r)} />`}
    </div>`}var ts={overview:["Overview",Xn],connections:["Connections",bn],messages:["Messages",Kn],handlers:["Handlers",kn],rooms:["Rooms",Zn],try:["Try",vn]},ur=()=>s`
  <nav aria-label="Pages">
    ${Object.entries(ts).map(([e,[t]])=>s`
      <a key=${e} href=${y(e)} aria-current=${A.value.page===e?"page":void 0}>${t}</a>`)}
  </nav>`,pr=()=>s`
  <select aria-label="Theme" title="Theme" value=${xe.value} onChange=${e=>Yn(e.currentTarget.value)}>
    ${Un.map(e=>s`<option key=${e} value=${e} selected=${xe.value===e}>${e[0].toUpperCase()+e.slice(1)}</option>`)}
  </select>`;function dr(){let e=D.value;if(!e)return s`<span class="status-text">Connected</span>`;let t=[`sockeye ${e.version}`,`up ${J(e.uptime_ms)}`,`${u(e.connections.active)} connected`,`${G(Y.value.received)} in/s`,`${G(Y.value.sent)} out/s`];return s`<span class="status-text"><b>Live</b>${t.map((n,o)=>s`<span key=${o}>${p(n)}</span>`)}</span>`}function mr(){let[,e]=$(0);k(()=>{let i=setInterval(()=>e(c=>c+1),500);return()=>clearInterval(i)},[]);let{retryAt:t,since:n,kind:o}=M.value,a=Math.max(0,Math.ceil((t-Date.now())/1e3)),r=o==="connecting"?"trying now":`next try in ${a} s`;return s`
    <span class="status-text"><b role="alert">Disconnected</b><span>what you see is from ${Ee(new Date(n),!1)}</span><span>${r}</span></span>
    <button type="button" onClick=${fe}>Try now</button>`}function $r(){let{kind:e,since:t}=M.value;return R.value?s`<div class="status down"><span class="status-text"><b>Token needed</b></span>
      <button type="button" onClick=${()=>{R.value={...R.value,shut:!1}}}>Enter token</button></div>`:e==="live"?s`<div class="status"><${dr} /></div>`:t?s`<div class="status down"><${mr} /></div>`:s`<div class="status"><span class="status-text">Connecting</span></div>`}function hr(e){if(e.key!=="/"||e.ctrlKey||e.metaKey||e.altKey||e.target.closest("input, textarea, select, dialog"))return;let t=document.querySelector("[data-filter]");t&&(e.preventDefault(),t.focus(),t.select())}function fr(e){e.preventDefault(),document.getElementById("content").focus()}var es=m("");function br(){let{page:e}=A.value,[t,n]=ts[e];return k(()=>{document.title=`${t} – sockeye`,es.value=t},[t]),s`
    <a class="skip" href="#content" onClick=${fr}>Skip to the content</a>
    <header class="top">
      <a class="brand" href=${y("overview")} aria-label="sockeye, overview">sockeye</a>
      <${ur} />
      <div class="tools"><${en} /><${Zt} /><${pr} /></div>
    </header>
    <${$r} />
    <main id="content" tabindex="-1"><${n} key=${e} /></main>
    <p class="visually-hidden" aria-live="polite">${es.value}</p>
    <${Xt} />
    <${tn} />`}var ns=document.getElementById("app");ns.replaceChildren();_t(s`<${br} />`,ns);document.addEventListener("keydown",hr);Xe((e,t)=>{t&&X().catch(()=>{})});an();
