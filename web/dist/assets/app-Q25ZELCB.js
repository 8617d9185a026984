import{a as Ee,b as Me,c as $,d as x,e as Ne,f as N,g as F,h as m,i as Mt,k as q,l as ot,m as ut,n as Ae,o as Re,p as zt,q as Pe,r as _e,s as Ie,t as Kt}from"./chunk-R6YLE5Q5.js";var De="sockeye.token",ae="",A=m(null),ie=null;function Ut(){try{return sessionStorage.getItem(De)??ae}catch{return ae}}function oo(t){ae=t;try{sessionStorage.setItem(De,t)}catch{}}function je(t){return t!==Ut()?Promise.resolve():(ie??=new Promise(e=>{A.value={refused:t!=="",resolve:e}}),ie)}function qe(t){oo(t);let{resolve:e}=A.value;A.value=null,ie=null,e()}function Le(){let t=new TextEncoder().encode(Ut());return t.length?["sockeye.events",`sockeye.token.${btoa(String.fromCharCode(...t)).replaceAll("+","-").replaceAll("/","_").replace(/=+$/,"")}`]:["sockeye.events"]}var le="/__mockforge/ws",so=1e4,pt=class extends Error{constructor(e,n,o){super(e),this.status=n,this.body=o}},ro=(t,e)=>typeof t?.error=="string"?t.error:`the server answered with status ${e}`;async function ao(t,e,{body:n,type:o,signal:a}){let r={},i=Ut();i&&(r.Authorization=`Bearer ${i}`),o&&(r["Content-Type"]=o);let c=AbortSignal.timeout(so),l,h;try{l=await fetch(le+e,{method:t,headers:r,body:n,cache:"no-store",signal:a?AbortSignal.any([a,c]):c}),h=await l.text()}catch(d){throw a?.aborted?d:c.aborted?new pt("the server did not answer within 10 s",0):new pt("the server cannot be reached; is sockeye still running?",0)}return{response:l,text:h,used:i}}async function Nt(t,e,n={}){for(;;){let{response:o,text:a,used:r}=await ao(t,e,n);if(o.status===401){await je(r);continue}let i=null;try{i=JSON.parse(a)}catch{if(o.ok)throw new pt("the server answered with something that is not JSON",o.status)}if(!o.ok)throw new pt(ro(i,o.status),o.status,i);return{body:i,text:a}}}var B=async(t,e)=>(await Nt("GET",t,{signal:e})).body,Y=async(t,e,n)=>(await Nt("POST",t,{body:e,type:n})).body,Oe=async t=>(await Nt("DELETE",t)).body;function H(t){let e=Object.entries(t).filter(([,n])=>n!==""&&n!==null&&n!==void 0);return e.length?`?${new URLSearchParams(e)}`:""}var Wt=t=>`/connections/${encodeURIComponent(t)}`;var C=m([]);async function V(t){let e=await B("/handlers",t);return C.value=e.handlers,e}var ce=new Intl.NumberFormat("en",{maximumFractionDigits:0}),u=t=>Number.isFinite(t)?ce.format(t):"–",dt=t=>t.charAt(0).toUpperCase()+t.slice(1),b=(t,e,n=`${e}s`)=>`${u(t)} ${t===1?e:n}`;function z(t){return Number.isFinite(t)?t>0&&t<10?t.toFixed(1):ce.format(t):"–"}function L(t){if(!Number.isFinite(t))return"–";if(t<1024)return`${t} B`;let e=["KiB","MiB","GiB","TiB"],n=t/1024,o=0;for(;n>=1024&&o<e.length-1;)n/=1024,o+=1;return`${n<10?n.toFixed(1):ce.format(n)} ${e[o]}`}function J(t){if(!Number.isFinite(t))return"–";let e=Math.max(0,Math.floor(t/1e3));return e<60?`${e} s`:e<3600?`${Math.floor(e/60)} min ${e%60} s`:e<86400?`${Math.floor(e/3600)} h ${Math.floor(e/60)%60} min`:`${Math.floor(e/86400)} d ${Math.floor(e/3600)%24} h`}function Be(t){return t<1e3?`${t} ms`:`${Number((t/1e3).toFixed(3))} s`}var G=(t,e=2)=>String(t).padStart(e,"0");function mt(t,e=!0){let n=t instanceof Date?t:new Date(t);if(Number.isNaN(n.getTime()))return"–";let o=`${G(n.getHours())}:${G(n.getMinutes())}:${G(n.getSeconds())}`;return e?`${o}.${G(n.getMilliseconds(),3)}`:o}function At(t){let e=new Date(t);return Number.isNaN(e.getTime())?"–":`${e.getFullYear()}-${G(e.getMonth()+1)}-${G(e.getDate())} ${mt(e)}`}var Fe=/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,io={"\n":"\\n","\r":"\\r","	":"\\t"},He=t=>io[t]??`\\u${t.charCodeAt(0).toString(16).padStart(4,"0")}`,p=t=>String(t).replace(Fe,He),ze=t=>String(t).replace(Fe,e=>e===`
`||e==="	"?e:He(e));function Ke(t,e=4096){let n=atob(t),o=[];for(let a=0;a<Math.min(n.length,e);a+=16){let r=n.slice(a,a+16),i=Array.from(r,l=>G(l.charCodeAt(0).toString(16))).join(" "),c=r.replace(/[^\x20-\x7e]/g,".");o.push(`${G(a.toString(16),4)}  ${i.padEnd(47)}  ${c}`)}return o.join(`
`)}function Ue(t,e=32){let n="";try{n=atob(t.slice(0,Math.ceil(e/3)*4))}catch{return""}return Array.from(n.slice(0,e),o=>G(o.charCodeAt(0).toString(16))).join(" ")}function We(t){let e=t.replace(/\s+|0x/gi,""),n=/[^0-9a-f]/i.exec(e);return n?{error:`“${n[0]}” is not a hex digit`}:e.length%2?{error:`${b(e.length,"hex digit")}: one is missing, bytes have two`}:{bytes:Uint8Array.from(e.match(/../g)??[],o=>parseInt(o,16))}}var Ge=function(t,e,n,o){var a;e[0]=0;for(var r=1;r<e.length;r++){var i=e[r++],c=e[r]?(e[0]|=i?1:2,n[e[r++]]):e[++r];i===3?o[0]=c:i===4?o[1]=Object.assign(o[1]||{},c):i===5?(o[1]=o[1]||{})[e[++r]]=c:i===6?o[1][e[++r]]+=c+"":i?(a=t.apply(c,Ge(t,c,n,["",null])),o.push(a),c[0]?e[0]|=2:(e[r-2]=0,e[r]=a)):o.push(c)}return o},Ye=new Map;function Ve(t){var e=Ye.get(this);return e||(e=new Map,Ye.set(this,e)),(e=Ge(this,e.get(t)||(e.set(t,e=(function(n){for(var o,a,r=1,i="",c="",l=[0],h=function(y){r===1&&(y||(i=i.replace(/^\s*\n\s*|\s*\n\s*$/g,"")))?l.push(0,y,i):r===3&&(y||i)?(l.push(3,y,i),r=2):r===2&&i==="..."&&y?l.push(4,y,0):r===2&&i&&!y?l.push(5,0,!0,i):r>=5&&((i||!y&&r===5)&&(l.push(r,0,i,a),r=6),y&&(l.push(r,y,0,a),r=6)),i=""},d=0;d<n.length;d++){d&&(r===1&&h(),h(d));for(var g=0;g<n[d].length;g++)o=n[d][g],r===1?o==="<"?(h(),l=[l],r=3):i+=o:r===4?i==="--"&&o===">"?(r=1,i=""):i=o+i[0]:c?o===c?c="":i+=o:o==='"'||o==="'"?c=o:o===">"?(h(),r=1):r&&(o==="="?(r=5,a=i,i=""):o==="/"&&(r<5||n[d][g+1]===">")?(h(),r===3&&(l=l[0]),r=l,(l=l[0]).push(2,0,r),r=0):o===" "||o==="	"||o===`
`||o==="\r"?(h(),r=2):i+=o),r===3&&i==="!--"&&(r=4,l=l[0])}return h(),l})(t)),e),arguments,[])).length>1?e:e[0]}var s=Ve.bind(Ee);var lo=/[ \t\n\r]*/y,co=/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y,uo=/true|false|null/y,po=/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,ue=class{constructor(e){this.text=e,this.at=0,this.depth=0}take(e){e.lastIndex=this.at;let n=e.exec(this.text);return n?(this.at+=n[0].length,n[0]):null}skip(){this.take(lo)}eat(e){return this.skip(),this.text[this.at]!==e?!1:(this.at+=1,!0)}must(e){this.eat(e)||this.fail(`expected “${e}”`)}fail(e){let n=this.at<this.text.length?`found “${this.text[this.at]}”`:"the text ends";throw new SyntaxError(`${e}, ${n} (character ${this.at+1})`)}string(){this.skip();let e=this.take(po);return e===null&&this.fail("expected a string"),JSON.parse(e)}value(){this.skip();let e=this.text[this.at];if(e==="{")return this.nested(()=>this.object());if(e==="[")return this.nested(()=>this.array());if(e==='"')return{kind:"string",value:this.string()};let n=this.take(co);if(n!==null)return{kind:"number",text:n};let o=this.take(uo);return o===null&&this.fail("expected a value"),{kind:"word",text:o}}nested(e){if(this.depth+=1,this.depth>256)throw new SyntaxError("nested more than 256 levels deep");let n=e();return this.depth-=1,n}object(){let e=[];if(this.must("{"),this.eat("}"))return{kind:"object",entries:e};do{let n=this.string();this.must(":"),e.push([n,this.value()])}while(this.eat(","));return this.must("}"),{kind:"object",entries:e}}array(){let e=[];if(this.must("["),this.eat("]"))return{kind:"array",items:e};do e.push(this.value());while(this.eat(","));return this.must("]"),{kind:"array",items:e}}};function Rt(t){let e=new ue(t),n=e.value();return e.skip(),e.at<t.length&&e.fail("expected the end"),n}function Yt(t){try{return Rt(t)}catch{return null}}var Je=(t,e)=>t.entries?.find(([n])=>n===e)?.[1];var Gt={text:{label:"Text",type:"text/plain; charset=utf-8",hint:"Sent as one text message, exactly as typed.",sample:"hello"},json:{label:"JSON",type:"application/json",hint:"Checked, then sent as typed in one text message.",sample:'{"type": "ping"}'},hex:{label:"Binary (hex)",type:"application/octet-stream",hint:"Two hex digits for each byte; spaces are ignored.",sample:"0a ff 00 3c"}},$o={text:t=>({body:t}),json:t=>{if(!t.trim())return{error:"There is no JSON yet."};try{Rt(t)}catch(e){if(!e.message.startsWith(`nested more than ${256}`))return{error:`Not JSON: ${e.message}.`}}return{body:t}},hex:t=>{let{bytes:e,error:n}=We(t);return n?{error:`Not hex: ${n}.`}:{body:e}}};function ho(t,e,n){return t==="hex"&&n.body&&e.trim()?b(n.body.length,"byte"):Gt[t].hint}function $t({send:t,action:e="Send",label:n="Message"}){let o=F(),[a,r]=$("text"),[i,c]=$(""),[l,h]=$(!1),[d,g]=$(!1),[y,k]=$(null),j=$o[a](i),Et=j.error&&(l||i.trim())?j.error:null;async function f(S){if(S.preventDefault(),h(!0),!(j.error||d)){g(!0),k(null);try{k({ok:!0,text:await t(j.body,Gt[a].type)})}catch(re){k({ok:!1,text:`Not sent: ${re.message}`})}g(!1)}}let W=S=>{r(S),h(!1),k(null)},Ht=S=>{S.key==="Enter"&&(S.ctrlKey||S.metaKey)&&f(S)};return s`
    <form class="composer" onSubmit=${f} noValidate>
      <fieldset class="choices">
        <legend class="visually-hidden">Kind of message</legend>
        ${Object.entries(Gt).map(([S,{label:re}])=>s`
          <label key=${S}><input type="radio" name=${o} value=${S} checked=${a===S} onChange=${()=>W(S)} />${re}</label>`)}
      </fieldset>
      <label class="visually-hidden" for=${`${o}-text`}>${n}</label>
      <textarea id=${`${o}-text`} class="code" rows="4" spellcheck=${!1} autocomplete="off" placeholder=${Gt[a].sample} value=${i}
        aria-invalid=${!!Et} aria-describedby=${`${o}-note`}
        onInput=${S=>{c(S.currentTarget.value),k(null)}} onKeyDown=${Ht}></textarea>
      <p id=${`${o}-note`} class=${Et?"hint bad":"hint"} aria-live="polite">${Et??ho(a,i,j)}</p>
      <div class="actions">
        <button type="submit" class="primary" disabled=${d}>${e}</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span role="status" class=${`result ${y?y.ok?"good":"bad":""}`}>${y?.text??""}</span>
      </div>
    </form>`}function Vt({title:t,onClose:e,children:n,wide:o=!1}){let a=N(null),r=F();return x(()=>{a.current.showModal()},[]),s`
    <dialog ref=${a} class=${o?"wide":""} aria-labelledby=${r} onClose=${e}>
      <header>
        <h2 id=${r}>${t}</h2>
        <button type="button" class="quiet" aria-label="Close dialog" onClick=${()=>a.current.close()}>×</button>
      </header>
      <div class="dialog-body">${n}</div>
    </dialog>`}var fo=6e3,go=4,Pt=m([]),Xe=1,Qe=t=>{Pt.value=Pt.value.filter(e=>e.id!==t)};function st(t,e="ok"){let n=Xe;Xe+=1,Pt.value=[...Pt.value,{id:n,text:t,kind:e}].slice(-go),setTimeout(()=>Qe(n),fo)}var Ze=()=>s`
  <div class="notices" role="status" aria-live="polite">
    ${Pt.value.map(({id:t,text:e,kind:n})=>s`
      <div key=${t} class="notice ${n}">
        <span>${e}</span>
        <button type="button" class="quiet" aria-label="Dismiss" onClick=${()=>Qe(t)}>×</button>
      </div>`)}
  </div>`;function w({text:t,most:e=160,multiline:n=!1}){let[o,a]=$(!1),r=String(t??""),i=o||r.length<=e?r:r.slice(0,e),c=r.length>e&&s`
    <button type="button" class="more" aria-expanded=${o} onClick=${()=>a(!o)}>
      ${o?"show less":`show all (${u(r.length)} characters)`}
    </button>`;return s`<bdi class="value">${n?ze(i):p(i)}${!o&&c?"…":""}</bdi>${c&&s` ${c}`}`}async function tn(t){try{await navigator.clipboard.writeText(t)}catch{bo(t)}st(`Copied: ${p(t.length>60?`${t.slice(0,60)}…`:t)}`)}function bo(t){let e=document.createElement("textarea");e.value=t,document.body.append(e),e.select(),document.execCommand("copy"),e.remove()}var rt=({text:t,label:e="Copy",what:n})=>s`
  <button type="button" class="copy" aria-label=${`Copy ${n??t}`} title=${`Copy ${n??t}`} onClick=${()=>tn(t)}>${e}</button>`,at=({place:t})=>s`
  <button type="button" class="place" title=${`Copy ${t}`} onClick=${()=>tn(t)}>${p(t)}</button>`,X=({text:t})=>s`
  <div class="command"><code>${p(t)}</code><${rt} text=${t} what="the command" /></div>`,E=({title:t,children:e})=>s`
  <div class="empty"><p class="empty-title">${t}</p>${e}</div>`,Q=({error:t})=>t&&s`
  <p class="failure" role="alert">${dt(p(t.message))}</p>`,_t=({rows:t})=>s`
  <dl class="facts">
    ${t.map(([e,n],o)=>s`<div key=${o}><dt>${e}</dt><dd>${n}</dd></div>`)}
  </dl>`;var pe=m(!1),it=m(null),Jt=m(!1);async function vo(){if(!Jt.value){Jt.value=!0;try{let{generation:t,warnings:e=[]}=await Y("/reload");st(`Reloaded, generation ${u(t)}`),it.value=e.length?{title:b(e.length,"warning"),lead:"The new files are in force.",list:e}:null,V().catch(()=>{})}catch(t){t.status!==422?st(`Not reloaded: ${t.message}`,"bad"):it.value={title:"Not reloaded",lead:t.message,list:t.body?.mistakes??[]}}Jt.value=!1}}var en=()=>s`
  <button type="button" disabled=${Jt.value} onClick=${vo} title="Read the files again; connections stay">Reload</button>`,nn=()=>s`
  <button type="button" onClick=${()=>{pe.value=!0}}>Broadcast</button>`,yo=({mistake:t})=>{let{message:e,place:n,remedy:o}=typeof t=="string"?{message:t}:t;return s`
    <li>
      <p><${w} text=${e} most=${400} /></p>
      ${o&&s`<p class="remedy"><${w} text=${o} most=${400} /></p>`}
      ${n&&s`<${at} place=${n} />`}
    </li>`},wo=()=>it.value&&s`
  <${Vt} title=${it.value.title} wide onClose=${()=>{it.value=null}}>
    <p class="failure-lead">${dt(p(it.value.lead))}</p>
    <ol class="mistakes">${it.value.list.map((t,e)=>s`<${yo} key=${e} mistake=${t} />`)}</ol>
  <//>`,xo={all:"All connections",path:"A path",room:"A room"};function ko(){let t=F(),[e,n]=$("all"),[o,a]=$(""),r=async(i,c)=>{if(e!=="all"&&!o.trim())throw new Error(`name the ${e} first`);let{delivered:l}=await Y(`/broadcast${e==="all"?"":H({[e]:o.trim()})}`,i,c);return l?`Delivered to ${b(l,"connection")}`:"Nobody was there to get it"};return s`
    <${Vt} title="Broadcast" wide onClose=${()=>{pe.value=!1}}>
      <div class="target">
        <fieldset class="choices">
          <legend class="visually-hidden">To whom</legend>
          ${Object.entries(xo).map(([i,c])=>s`
            <label key=${i}><input type="radio" name=${t} value=${i} checked=${e===i} onChange=${()=>n(i)} />${c}</label>`)}
        </fieldset>
        <input class="grow code" aria-label=${e==="room"?"Name of the room":"Path"} list=${`${t}-paths`} disabled=${e==="all"} autocomplete="off"
          placeholder=${{all:"",path:"/chat",room:"lobby"}[e]} value=${e==="all"?"":o} onInput=${i=>a(i.currentTarget.value)} />
        <datalist id=${`${t}-paths`}>${e==="path"&&C.value.map((i,c)=>s`<option key=${c} value=${i.path} />`)}</datalist>
      </div>
      <${$t} send=${r} action="Broadcast" />
    <//>`}function So(){let[t,e]=$(""),n=A.value.refused;return s`
    <${Vt} title="Token" onClose=${()=>{A.value&&(A.value={...A.value,shut:!0})}}>
      <form class="token" onSubmit=${a=>{a.preventDefault(),t.trim()&&qe(t.trim())}}>
        <p>This server wants its admin token. It is kept for this tab only.</p>
        <label for="token">Admin token</label>
        <input id="token" type="password" class="code" autofocus autocomplete="off" value=${t} aria-describedby="token-note" aria-invalid=${n}
          onInput=${a=>e(a.currentTarget.value)} />
        <p id="token-note" class=${n?"hint bad":"hint"} role="status">${n?"The server did not accept that token.":"The one that sockeye was started with."}</p>
        <div class="actions"><button type="submit" class="primary">Continue</button></div>
      </form>
    <//>`}var on=()=>s`
  ${pe.value&&s`<${ko} />`}
  <${wo} />
  ${A.value&&!A.value.shut&&s`<${So} />`}`;var Co=t=>t.matches('textarea, input[type="search"]')&&t.value,ht=(t,e)=>n=>{!e||n.key!=="Escape"||n.defaultPrevented||Co(n.target)||(n.preventDefault(),t())},To=matchMedia("(max-width: 900px)");function ft({title:t,tools:e,subject:n,onClose:o,takeFocus:a=!1,children:r}){let i=N(null),c=F();return x(()=>{(a||To.matches)&&i.current.focus({preventScroll:!0})},[n,a]),s`
    <aside class="panel" aria-labelledby=${c}>
      <header>
        <h2 id=${c} ref=${i} tabindex="-1">${t}</h2>
        ${e}
        <span class="spacer"></span>
        <button type="button" class="quiet" aria-label="Close panel" onClick=${o}>×</button>
      </header>
      <div class="panel-body">${r}</div>
    </aside>`}var K=({title:t,children:e,open:n=!0})=>s`
  <details class="section" open=${n}><summary>${t}</summary>${e}</details>`;var $e=500,Eo=15e3,Mo=1600,M=m({kind:"connecting"}),sn=new Set,Xt=t=>sn.add(t),lt=null,gt=$e,It=0,de=!1,No=()=>`${location.protocol==="https:"?"wss:":"ws:"}//${location.host}${le}`;function rn(t){lt?.readyState===WebSocket.OPEN&&lt.send(JSON.stringify(t))}function Ao(t){let e;try{e=JSON.parse(t.data)}catch{return}let n=e.type==="hello";n&&(gt=$e,M.value={kind:"live"}),zt(e.stats),e.closed?.length&&Ie(e.closed),(e.opened?.length||e.closed?.length)&&(Kt.value+=1);for(let o of sn)o(e,n)}function me(){let t=gt*(.8+Math.random()*.4);gt=Math.min(gt*2,Eo),M.value={kind:"waiting",retryAt:Date.now()+t,since:M.value.since??Date.now()},clearTimeout(It),It=setTimeout(bt,t)}async function an(t){if(Pe(),t)return me();try{zt(await B("/stats"))}catch{return me()}return gt>$e?me():Ro()}function Ro(){gt*=2,clearTimeout(It),It=setTimeout(bt,50)}function bt(){clearTimeout(It),ln(),M.value={...M.value,kind:"connecting"};let t=new WebSocket(No(),Le()),e=!1;lt=t,t.onopen=()=>{e=!0},t.onmessage=Ao,t.onclose=()=>{lt===t&&(lt=null,an(e))}}function ln(){let t=lt;lt=null,t?.close()}async function Po(){if(!(de||M.value.kind!=="live"||performance.now()-Re.at<Mo)){de=!0;try{zt(await B("/stats"))}catch{M.value.kind==="live"&&(ln(),an(!0))}de=!1}}function cn(){bt(),setInterval(Po,1e3),addEventListener("online",()=>{M.value.kind==="waiting"&&bt()})}function Z(t,e,n){let[o,a]=$({data:null,error:null}),r=N(()=>{});return x(()=>{let i=new he(t,e,a);r.current=()=>i.soon();let c=Mt(()=>{M.value.kind==="live"&&i.soon()}),l=()=>{document.hidden||i.soon()};return document.addEventListener("visibilitychange",l),i.turn(),()=>{i.stop(),c(),document.removeEventListener("visibilitychange",l)}},n),{...o,refresh:()=>r.current()}}var un=200,he=class{constructor(e,n,o){this.load=e,this.everyMs=n,this.tell=o,this.abort=new AbortController,this.timer=0,this.busy=!1,this.wanted=!1,this.startedAt=-1/0}soon(){if(this.busy){this.wanted=!0;return}this.later(Math.max(0,this.startedAt+un-performance.now()))}later(e){clearTimeout(this.timer),this.timer=setTimeout(()=>this.turn(),e)}async turn(){if(!(this.busy||this.abort.signal.aborted)&&!(document.hidden||M.value.kind==="waiting")){this.busy=!0,this.wanted=!1,this.startedAt=performance.now();try{let e=await this.load(this.abort.signal);this.abort.signal.aborted||this.tell({data:e,error:null})}catch(e){this.abort.signal.aborted||this.tell(n=>({...n,error:e}))}this.busy=!1,this.later(this.wanted?un:this.everyMs)}}stop(){clearTimeout(this.timer),this.abort.abort()}};var _o=["overview","connections","messages","handlers","rooms","try"],Io=t=>{try{return decodeURIComponent(t)}catch{return t}};function fe(t){let[e,n=""]=t.replace(/^#\/?/,"").split("?",2),[o,...a]=e.split("/");return{page:_o.includes(o)?o:"overview",item:a.length?Io(a.join("/")):"",query:new URLSearchParams(n)}}function v(t,e="",n={}){let o=new URLSearchParams(Object.entries(n).filter(([,a])=>a)).toString();return`#/${t}${e?`/${encodeURIComponent(e)}`:""}${o?`?${o}`:""}`}var R=m(fe(location.hash));addEventListener("hashchange",()=>{R.value=fe(location.hash)});var tt=(...t)=>{location.hash=v(...t)};function P(...t){history.replaceState(null,"",v(...t)),R.value=fe(location.hash)}var Do="ws://127.0.0.1:8080",jo=(t=q.value)=>(t?.urls?.[0]??Do).replace(/\/$/,""),Dt=t=>t.replace(/[:{]([A-Za-z_]\w*)[^/]*/g,"$1").replaceAll("*","any"),et=(t,e="/")=>`npx wscat -c "${jo(t??void 0)}${Dt(e)}"`;var pn=100,qo=2,Lo=40,dn=t=>t.kind==="object"?t.entries:t.items.map((e,n)=>[n,e]);function Oo({node:t}){return t.kind==="string"?s`<span class="json-string">"<${w} text=${t.value} most=${300} />"</span>`:s`<span class=${`json-${t.kind}`}>${t.text}</span>`}var mn=({name:t})=>s`
  <span class=${typeof t=="number"?"json-index":"json-key"}><${w} text=${t} most=${80} /></span><span class="json-colon">: </span>`;function Bo({name:t,node:e,level:n}){let o=dn(e),[a,r]=$(n<qo&&o.length<=Lo),[i,c]=$(pn),[l,h]=e.kind==="object"?"{}":"[]",d=e.kind==="object"?b(o.length,"member"):b(o.length,"item"),g=`${t===void 0?"value":t}, ${d}`;return s`
    <button type="button" class="json-toggle" aria-expanded=${a} aria-label=${g} onClick=${()=>r(!a)}></button>
    ${t!==void 0&&s`<${mn} name=${t} />`}
    <span class="json-bracket">${l}</span>
    ${!a&&s`<span class="json-summary">${d}</span><span class="json-bracket">${h}</span>`}
    ${a&&s`
      <ul>
        ${o.slice(0,i).map(([y,k],j)=>s`<${$n} key=${j} name=${y} node=${k} level=${n+1} />`)}
      </ul>
      ${o.length>i&&s`
        <button type="button" class="more" onClick=${()=>c(i+pn*10)}>show more (${u(o.length-i)} left)</button>`}
      <span class="json-bracket json-end">${h}</span>`}`}function $n({name:t,node:e,level:n}){let o=e.kind==="object"||e.kind==="array";if(o&&dn(e).length)return s`<li><${Bo} name=${t} node=${e} level=${n} /></li>`;let a=e.kind==="object"?"{}":"[]";return s`
    <li class="json-leaf">
      ${t!==void 0&&s`<${mn} name=${t} />`}
      ${o?s`<span class="json-bracket">${a}</span>`:s`<${Oo} node=${e} />`}
    </li>`}var vt=({node:t,label:e})=>s`
  <ul class="json" aria-label=${e}><${$n} node=${t} level=${0} /></ul>`;var Fo=1e3,hn=123,be={1e3:"normal",1001:"going away",1002:"protocol error",1003:"unsupported data",1007:"invalid data",1008:"policy violation",1009:"too big",1010:"extension missing",1011:"internal error",1012:"restart",1013:"try again later",1014:"bad gateway"};function Ho(t,e){let n=Number(t),o=Object.hasOwn(be,t)||n>=3e3&&n<=4999;if(!/^\d+$/.test(t)||!o)return"Codes are 1000 to 1003, 1007 to 1014, or 3000 to 4999.";let a=new TextEncoder().encode(e).length;return a>hn?`The reason has ${a} bytes; ${hn} fit into a Close frame.`:null}async function zo(t,e){let{body:n,text:o}=await Nt("GET",Wt(t),{signal:e});return{c:n,state:Ko(o)}}function Ko(t){try{return Je(Rt(t),"state")??null}catch{return null}}var Uo=t=>t.map((e,n)=>s`${n?", ":""}<a key=${e} href=${v("rooms",e)}><${w} text=${e} most=${60} /></a>`);function Wo(t){return[["Path",s`<${w} text=${t.path} />`],["Route",s`<a href=${v("handlers","",{q:t.route})}><${w} text=${t.route} /></a>`],["Remote",s`${p(t.remote_addr)}${t.tls?", TLS":""}`],["Connected",`${At(t.connected_at)}, ${J(t.duration_ms)} ago`],["Last activity",At(t.last_activity_at)],["In",`${b(t.messages_received,"message")}, ${L(t.bytes_received)}`],["Out",`${b(t.messages_sent,"message")}, ${L(t.bytes_sent)}`],["Waiting to be sent",u(t.pending_messages)],["Subprotocol",t.subprotocol===null?"none":p(t.subprotocol)],["Rooms",t.rooms.length?Uo(t.rooms):"none"]]}var ge=({values:t,none:e})=>{let n=Object.entries(t??{});return n.length?s`<${_t} rows=${n.map(([o,a])=>[s`<${w} text=${o} most=${60} />`,s`<${w} text=${a} />`])} />`:s`<p class="muted">${e}</p>`};function Yo({id:t,done:e}){let n=F(),[o,a]=$("1000"),[r,i]=$(""),[c,l]=$(!1),[h,d]=$(null),g=Ho(o,r);async function y(k){if(k.preventDefault(),!(g||c)){l(!0),d(null);try{await Oe(Wt(t)+H({code:o,reason:r})),st(`Closed ${t} with ${o}`),e()}catch(j){d(`Not closed: ${j.message}`)}l(!1)}}return s`
    <form class="close-form" onSubmit=${y} noValidate>
      <label for=${`${n}-code`}>Code</label>
      <input id=${`${n}-code`} class="short" inputmode="numeric" autocomplete="off" list=${`${n}-codes`} value=${o}
        aria-invalid=${!!g} aria-describedby=${`${n}-hint`} onInput=${k=>a(k.currentTarget.value.trim())} />
      <datalist id=${`${n}-codes`}>${Object.entries(be).map(([k,j])=>s`<option key=${k} value=${k}>${j}</option>`)}</datalist>
      <label for=${`${n}-reason`}>Reason</label>
      <input id=${`${n}-reason`} class="grow" autocomplete="off" value=${r} onInput=${k=>i(k.currentTarget.value)} />
      <button type="submit" class="danger" disabled=${c}>Close connection</button>
      <p id=${`${n}-hint`} class=${g||h?"hint bad":"hint"} aria-live="polite">${g??h??be[o]??"a code of the application"}</p>
    </form>`}function fn({id:t}){let e=_e.get(t);return s`
    <p class="gone" role="status">${e?`This connection is gone: ${p(e)}.`:"This connection is gone."}</p>`}function Go({id:t,c:e,state:n,gone:o,refresh:a}){let r=async(i,c)=>{let l=await Y(`${Wt(t)}/send`,i,c);return a(),`${b(l.bytes,"byte")} sent`};return s`
    ${o&&s`<${fn} id=${t} />`}
    <${_t} rows=${Wo(e)} />
    <p class="links"><a href=${v("messages","",{connection:t})}>Messages of this connection</a></p>
    ${!o&&s`
      <${K} title="Send a message"><${$t} send=${r} action="Send" label=${`Message to ${t}`} /><//>
      <${K} title="Close"><${Yo} id=${t} done=${a} /><//>`}
    <${K} title="State">
      ${n&&n.text!=="null"?s`<${vt} node=${n} label="State" />`:s`<p class="muted">This connection keeps no state.</p>`}
    <//>
    <${K} title="Parameters of the path"><${ge} values=${e.params} none="The route has none." /><//>
    <${K} title="Query"><${ge} values=${e.query} none="The address had none." /><//>
    <${K} title="Headers"><${ge} values=${e.headers} none="None were kept." /><//>`}function gn({id:t,onClose:e}){let{data:n,error:o,refresh:a}=Z(i=>zo(t,i),Fo,[t]),r=o?.status===404;return s`
    <${ft} title=${s`<span class="mono">${p(t)}</span>`} tools=${s`<${rt} text=${t} what="the id" />`} subject=${t} takeFocus onClose=${e}>
      ${!r&&s`<${Q} error=${o} />`}
      ${n?s`<${Go} id=${t} c=${n.c} state=${n.state} gone=${r} refresh=${a} />`:r&&s`<${fn} id=${t} />`}
    <//>`}var ct=100,Vo=1e3,Jo=[{name:"Id",key:"id",className:"c-id"},{name:"Path",key:"path",className:"c-path"},{name:"Remote",key:"remote_addr",className:"c-remote"},{name:"Age",key:"connected_at",turned:!0,className:"c-age number"},{name:"In",key:"messages_received",className:"c-count number"},{name:"Out",key:"messages_sent",className:"c-count number"},{name:"Rooms",className:"c-rooms"}];function Xo(t){let e=[],n={q:"",path:"",room:""};for(let o of t.trim().split(/\s+/)){let[,a,r]=/^(path|room):(.+)$/.exec(o)??[];a?n[a]=r:o&&e.push(o)}return n.q=e.join(" "),n}function Qo(){let{query:t,item:e}=R.value;return{item:e,q:t.get("q")??"",sort:t.get("sort")??"",page:Math.max(0,Number.parseInt(t.get("page")??"1",10)-1||0)}}var nt=({item:t,q:e,sort:n,page:o})=>["connections",t,{q:e,sort:n,page:o?String(o+1):""}];function Zo({column:t,now:e}){let{name:n,key:o,turned:a,className:r}=t;if(!o)return s`<th scope="col" class=${r}>${n}</th>`;let i=e.sort.replace(/^-/,""),c=e.sort.startsWith("-")!==!!a,l=i===o,d=r.includes("number")&&!a?`-${o}`:o,g=e.sort.startsWith("-")?o:`-${o}`,y=l?g:d;return s`
    <th scope="col" class=${r} aria-sort=${l?c?"descending":"ascending":"none"}>
      <button type="button" onClick=${()=>P(...nt({...e,sort:y,page:0}))}>
        ${n}<span class="arrow" aria-hidden="true">${l?c?"▾":"▴":""}</span>
      </button>
    </th>`}var ts=({c:t,now:e})=>s`
  <tr class=${t.id===e.item?"selected":""} aria-current=${t.id===e.item?"true":void 0}
      onClick=${n=>{n.target.closest("a")||tt(...nt({...e,item:t.id}))}}>
    <td class="c-id"><a href=${v(...nt({...e,item:t.id}))} data-row=${t.id}>${p(t.id)}</a></td>
    <td class="c-path" title=${p(t.path)}><bdi>${p(t.path)}</bdi></td>
    <td class="c-remote">${p(t.remote_addr)}</td>
    <td class="c-age number">${J(t.duration_ms)}</td>
    <td class="c-count number" title=${L(t.bytes_received)}>${u(t.messages_received)}</td>
    <td class="c-count number" title=${L(t.bytes_sent)}>${u(t.messages_sent)}</td>
    <td class="c-rooms" title=${t.rooms.map(p).join(", ")}><bdi>${t.rooms.map(p).join(", ")}</bdi></td>
  </tr>`;function es(t){let e={ArrowDown:1,ArrowUp:-1}[t.key];if(!e||!t.target.dataset?.row)return;let n=[...t.currentTarget.querySelectorAll("a[data-row]")];n[n.indexOf(t.target)+e]?.focus(),t.preventDefault()}function ns({now:t}){return t.q?s`<${E} title="No connection matches this filter.">
      <button type="button" onClick=${()=>P(...nt({...t,q:"",page:0}))}>Clear the filter</button><//>`:s`
    <${E} title="Nobody is connected. To connect from a terminal:">
      <${X} text=${et(q.value,C.value[0]?.path)} /><//>`}function os({now:t,total:e,known:n}){let o=Math.max(1,Math.ceil(e/ct)),a=t.page*ct,r=i=>P(...nt({...t,page:i}));return s`
    <div class="pager" role="group" aria-label="Pages">
      <span class="muted">${e?`${u(Math.min(a+1,e))}–${u(Math.min(a+ct,e))} of ${u(e)}`:n&&"none"}</span>
      <button type="button" aria-label="Previous page" disabled=${t.page===0} onClick=${()=>r(t.page-1)}>‹</button>
      <button type="button" aria-label="Next page" disabled=${t.page>=o-1} onClick=${()=>r(t.page+1)}>›</button>
    </div>`}function ss({rows:t,now:e}){return s`
    <div class="table-box scroll">
      <table class="rows connections" aria-label="Connections" onKeyDown=${es}>
        <thead><tr>${Jo.map(n=>s`<${Zo} key=${n.name} column=${n} now=${e} />`)}</tr></thead>
        <tbody>${t.map(n=>s`<${ts} key=${n.id} c=${n} now=${e} />`)}</tbody>
      </table>
      ${!t.length&&s`<${ns} now=${e} />`}
    </div>`}function bn(t){let e=CSS.escape(t.item);tt(...nt({...t,item:""})),requestAnimationFrame(()=>document.querySelector(`a[data-row="${e}"]`)?.focus({preventScroll:!0}))}function vn(){let t=Qo(),e=Kt.value,n={...Xo(t.q),sort:t.sort,limit:ct,offset:t.page*ct},o=H(n),{data:a,error:r,refresh:i}=Z(h=>B(`/connections${o}`,h),Vo,[o]),c=N(!0);x(()=>{c.current||i(),c.current=!1},[e]);let l=a?.count??0;return x(()=>{a&&t.page&&t.page*ct>=l&&P(...nt({...t,page:Math.max(0,Math.ceil(l/ct)-1)}))},[l,t.page]),s`
    <div class=${`page split ${t.item?"with-panel":""}`} onKeyDown=${ht(()=>bn(t),t.item)}>
      <div class="main">
        <div class="bar">
          <h1>Connections</h1>
          <input type="search" class="grow" data-filter aria-label="Filter connections" placeholder="Filter: id, path, address, room:name, path:/…"
            value=${t.q} onInput=${h=>P(...nt({...t,q:h.currentTarget.value,page:0}))} />
          <${os} now=${t} total=${l} known=${!!a} />
        </div>
        <${Q} error=${r} />
        ${a&&s`<${ss} rows=${a.connections} now=${t} />`}
      </div>
      ${t.item&&s`<${gn} key=${t.item} id=${t.item} onClose=${()=>bn(t)} />`}
    </div>`}var _=m({path:"",message:""}),yt=m(null);function rs(t,e){return t.number===e?{tone:"good",word:"answers"}:t.matches?{tone:"",word:e!==null&&t.number>e?"would match, too late":"matches"}:{tone:"idle",word:"no match"}}function as({rule:t,answeredBy:e}){let{tone:n,word:o}=rs(t,e);return s`
    <li class=${`try-rule ${n}`} aria-current=${t.number===e?"true":void 0}>
      <span class="number">${t.number}</span>
      <div>
        <p class="try-line"><code><${w} text=${t.pattern} most=${200} /></code><span class="muted">${t.kind}</span>${t.place&&s`<${at} place=${t.place} />`}</p>
        <p class="try-reason"><b>${o}</b>${t.reason?s`: <${w} text=${t.reason} most=${400} />`:""}${t.note?s`<small>${p(t.note)}</small>`:""}</p>
      </div>
    </li>`}function is({text:t}){let e=/^\s*[[{]/.test(t)?Yt(t):null;return s`
    <div class="try-answer">
      <pre class="raw"><${w} text=${t} most=${4e3} multiline /></pre>
      <${rt} text=${t} what="the answer" />
      ${e&&s`<details><summary>As a tree</summary><${vt} node=${e} label="Answer" /></details>`}
    </div>`}function ls({answered_by:t,answers:e,rules:n}){return t!==null?`Rule ${t} answers${e.length?"":" with nothing"}`:e.length?"The handler answers without a rule":n.length?"No rule answers":"This handler has no rules"}function cs({answer:t}){let{route:e,answered_by:n,rules:o,answers:a,script:r}=t;return s`
    <div class="try-result">
      <h2 role="status">${ls(t)} <span class="muted">on route <span class="mono">${p(e)}</span></span></h2>
      ${r&&s`<p class="note">This route runs a script. Scripts are not run here, so the real answer may differ.</p>`}
      ${a.length>0&&s`<h3>${a.length===1?"It would send":`It would send ${b(a.length,"message")}`}</h3>`}
      ${a.map((i,c)=>s`<${is} key=${c} text=${i} />`)}
      ${o.length>0&&s`<h3>Rules, in their order</h3>
        <ol class="try-rules">${o.map(i=>s`<${as} key=${i.number} rule=${i} answeredBy=${n} />`)}</ol>`}
    </div>`}var us=({error:t})=>s`
  <div class="try-result">
    <p class="failure" role="alert">${dt(p(t))}</p>
    ${C.value.length>0&&s`<p class="muted">Routes: ${C.value.slice(0,20).map((e,n)=>s`${n?", ":""}<button type="button" class="place" key=${n}
      onClick=${()=>{_.value={..._.value,path:Dt(e.path)}}}>${p(e.path)}</button>`)}</p>`}
  </div>`;async function ps(){let{path:t,message:e}=_.value;try{let n=await Y("/try",JSON.stringify({path:t,message:e}),"application/json");yt.value={path:t,message:e,answer:n}}catch(n){yt.value={error:n.message}}}function ds(){let[t,e]=$(!1),n=async l=>{l.preventDefault(),!t&&(e(!0),await ps(),e(!1))},o=l=>{l.key==="Enter"&&(l.ctrlKey||l.metaKey)&&n(l)},a=l=>{_.value={..._.value,...l}},{path:r,message:i}=_.value,c=yt.value?.answer&&(yt.value.path!==r||yt.value.message!==i);return s`
    <form class="try-form" onSubmit=${n}>
      <label for="try-path">Path</label>
      <input id="try-path" class="code" list="try-paths" required spellcheck=${!1} autocomplete="off" placeholder="/chat" value=${r} onInput=${l=>a({path:l.currentTarget.value})} />
      <datalist id="try-paths">${C.value.map((l,h)=>s`<option key=${h} value=${Dt(l.path)}>${l.kind}</option>`)}</datalist>
      <label for="try-message">Message</label>
      <textarea id="try-message" class="code" rows="12" spellcheck=${!1} placeholder='{"type": "ping"}' value=${i}
        onInput=${l=>a({message:l.currentTarget.value})} onKeyDown=${o}></textarea>
      <div class="actions">
        <button type="submit" class="primary" disabled=${t}>Try</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span class="muted">${c?"Changed since the result was made.":"Nothing is sent to anybody."}</span>
      </div>
    </form>`}function yn(){x(()=>{V().then(()=>{let[e]=C.value;!_.value.path&&e&&(_.value={..._.value,path:Dt(e.path)})},()=>{})},[]);let t=yt.value;return s`
    <div class="page main">
      <div class="bar"><h1>Try a message</h1></div>
      <div class="try scroll">
        <${ds} />
        <div>
          ${!t&&s`<${E} title="Choose a path, paste a message and press Try."><p class="muted">You see which rule would answer, why each other one would not, and what would be sent.</p><//>`}
          ${t?.error&&s`<${us} error=${t.error} />`}
          ${t?.answer&&s`<${cs} answer=${t.answer} />`}
        </div>
      </div>
    </div>`}var ms=2e3,wn=(t,e)=>t&&e?`${t.replace(/:\d+(:\d+)?$/,"")}:${e}`:null;function xn(t){return[t.when&&"only when its condition holds",t.answers===0?"no answer":t.answers>1&&`${u(t.answers)} answers`,t.continue&&"goes on to the next rules"].filter(Boolean).join(", ")}var $s=({rule:t,place:e})=>s`
  <tr class=${t.hits?"":"idle"}>
    <td class="number r-number">${t.number}</td>
    <td class="r-pattern"><code><${w} text=${t.pattern} most=${200} /></code>${xn(t)&&s`<small>${xn(t)}</small>`}</td>
    <td class="r-kind">${t.kind}</td>
    <td class="r-place">${(t.place??wn(e,t.line))&&s`<${at} place=${t.place??wn(e,t.line)} />`}</td>
    <td class="number r-hits">${u(t.hits)}</td>
  </tr>`,hs=({h:t})=>s`
  <table class="rows rules" aria-label=${`Rules of ${t.path}`}>
    <thead><tr><th scope="col" class="number r-number">#</th><th scope="col" class="r-pattern">Pattern</th><th scope="col" class="r-kind">Kind</th>
      <th scope="col" class="r-place">Place</th><th scope="col" class="number r-hits">Hits</th></tr></thead>
    <tbody>${t.rules.map(e=>s`<${$s} key=${e.number} rule=${e} place=${t.place} />`)}</tbody>
  </table>`,fs=({kind:t,interval_ms:e,sent:n})=>`${t==="broadcast"?"Broadcast to all":"To each connection"} every ${Be(e)}: ${u(n)} sent`,gs=({h:t})=>s`
  <article class="handler">
    <header>
      <h2><bdi>${p(t.path)}</bdi></h2>
      <span class="muted">${p(t.kind)}${t.host?`, host ${p(t.host)}`:""}</span>
      <${at} place=${t.place} />
      <span class="spacer"></span>
      <a href=${v("connections","",{q:`path:${t.path}`})}>${b(t.connections,"connection")}</a>
      <a href=${v("try")} onClick=${()=>{_.value={..._.value,path:t.path}}}>Try a message</a>
    </header>
    ${t.rules.length?s`<${hs} h=${t} />`:s`<p class="muted">No rules.</p>`}
    ${t.timers.length>0&&s`<ul class="timers">${t.timers.map((e,n)=>s`<li key=${n}>${fs(e)}</li>`)}</ul>`}
    ${t.notes.map((e,n)=>s`<p class="note" key=${n}><${w} text=${e} most=${400} /></p>`)}
  </article>`,bs=(t,e)=>!e||[t.path,t.kind,t.place,t.host??"",...t.rules.map(n=>n.pattern)].some(n=>n.toLowerCase().includes(e));function kn(){let{data:t,error:e}=Z(V,ms,[]),n=R.value.query.get("q")??"",o=t?.handlers??C.value,a=o.filter(r=>bs(r,n.trim().toLowerCase()));return s`
    <div class="page main">
      <div class="bar">
        <h1>Handlers</h1>
        <input type="search" class="grow" data-filter aria-label="Filter handlers" placeholder="Filter: path, kind, file, pattern"
          value=${n} onInput=${r=>P("handlers","",{q:r.currentTarget.value})} />
        <span class="muted">${n?`${u(a.length)} of ${u(o.length)}`:b(o.length,"handler")}</span>
      </div>
      <div class="scroll list">
        <${Q} error=${e} />
        ${a.map((r,i)=>s`<${gs} key=${`${r.host} ${r.path} ${i}`} h=${r} />`)}
        ${t&&!a.length&&(o.length?s`<${E} title="No handler matches this filter."><button type="button" onClick=${()=>P("handlers")}>Clear the filter</button><//>`:s`<${E} title="The files define no WebSocket routes. Add one, save, and press Reload."><pre class="raw">${vs}</pre><//>`)}
      </div>
    </div>`}var vs=`- websocket:
    path: /chat
    on-message:
      - pattern: ping
        response: pong`;var Sn=t=>(t.text??t.base64??"").length,jt=class t{constructor(e=[]){this.items=e,this.head=0}get length(){return this.items.length-this.head}at(e){return this.items[this.head+e]}push(e){this.items.push(e)}shift(){let e=this.items[this.head];return this.items[this.head]=void 0,this.head+=1,this.head>1024&&this.head*2>this.items.length&&(this.items=this.items.slice(this.head),this.head=0),e}copy(){return new t(this.items.slice(this.head))}clear(){this.items=[],this.head=0}},qt=class{constructor(e=2e4,n=48e6){this.capacity=e,this.capacityChars=n,this.fifo=new jt,this.chars=0,this.next=0,this.dropped=0}get first(){return this.next-this.fifo.length}push(e){for(e.n=this.next,this.next+=1,this.chars+=Sn(e),this.fifo.push(e);this.fifo.length>this.capacity||this.chars>this.capacityChars&&this.fifo.length>1;)this.chars-=Sn(this.fifo.shift()),this.dropped+=1}clear(){this.fifo.clear(),this.chars=0,this.dropped=0}},ys=()=>new Promise(t=>{setTimeout(t,0)}),Tn=()=>!0,Qt=class{constructor(e){this.log=e,this.test=Tn,this.fifo=new jt,this.seen=e.next,this.run=0,this.building=!1}get length(){return this.fifo.length}at(e){return this.fifo.at(e)}update(){if(this.building)return 0;let{log:e}=this;for(let n=Math.max(this.seen,e.first);n<e.next;n+=1){let o=e.fifo.at(n-e.first);this.test(o)&&this.fifo.push(o)}return this.seen=e.next,Cn(this.fifo,e.first)}async rebuild(e,n=this.log){this.run+=1;let o=this.run;this.building=!0,this.log=n,this.test=e;let a=new jt,r=n.first;for(;r<n.next;){let i=performance.now()+6;if(r=ws(n,r,e,a,i),r>=n.next)break;if(await ys(),o!==this.run)return!1}return Cn(a,n.first),this.fifo=a,this.seen=r,this.building=!1,!0}};function ws(t,e,n,o,a){let r=Math.max(e,t.first);for(;r<t.next;){let i=t.fifo.at(r-t.first);if(n(i)&&o.push(i),r+=1,r%32===0&&performance.now()>a)break}return r}function Cn(t,e){let n=0;for(;t.length&&t.at(0).n<e;)t.shift(),n+=1;return n}var xs=t=>t.replace(/[.*+?^${}()|[\]\\]/g,"\\$&");function En({direction:t,path:e,connection:n,text:o}){let a=o?new RegExp(xs(o),"i"):null;return!t&&!e&&!n&&!a?Tn:r=>(!t||r.direction===t)&&(!e||r.path.includes(e))&&(!n||r.connection===n)&&(!a||a.test(r.text??""))}function Mn(t){let e=new qt(t.capacity,t.capacityChars);return e.fifo=t.fifo.copy(),e.next=t.next,e}var I=new qt,ne=m(0),Ot=m(0),xt=m(null),Lt=new Set,ks=200,te=!1,ee=0,ve=0,wt=null,Zt=!1;function Ss(){if(Zt)return;Zt=!0;let t=()=>{Zt&&(Zt=!1,ne.value+=1)};requestAnimationFrame(t),setTimeout(t,200)}function ye(t){if(wt){wt.push(t);return}for(let e of t)e.seq<=ee||(ee=e.seq,Lt.size<ks&&Lt.add(e.path),I.push(e));Ss()}async function Nn(){if(wt)return;wt=[];let t=[];try{t=(await B(`/messages${H({limit:1e3,after:ee||"",...xt.value})}`)).messages}catch{}let e=wt;wt=null,ye(t);for(let n of e)ye(n)}function we(){rn({type:"filter",messages:!0,path:null,direction:null,connection:null,...xt.value})}Xt((t,e)=>{let n=t.stats?.uptime_ms??ve;n<ve&&(ee=0),ve=n,te&&(e&&(we(),Nn()),t.dropped&&(Ot.value+=t.dropped),t.messages?.length&&ye(t.messages))});function An(){te||(te=!0,M.value.kind==="live"&&(we(),Nn()))}function xe(t){xt.value=t,te&&we()}function Rn(){I.clear(),Ot.value=0,ne.value+=1}var Pn=6;function _n(t,e,n,o,a){let r=N(null),i=N({top:0,height:0}),[c,l]=$(0),[h,d]=$(0);x(()=>{let f=new ResizeObserver(()=>d(r.current?.clientHeight??0));return f.observe(r.current),()=>f.disconnect()},[]),Ne(()=>{let f=r.current;f&&(o?f.scrollTop=f.scrollHeight:n.current&&(f.scrollTop-=n.current*t),n.current=0,i.current={top:f.scrollTop,height:f.scrollHeight},!o&&f.scrollTop!==c&&l(f.scrollTop))});let g=()=>{let f=r.current;if(!f)return;let W=i.current,Ht=f.scrollHeight-f.clientHeight,S=f.scrollTop<W.top-1&&f.scrollHeight>=W.height;i.current={top:f.scrollTop,height:f.scrollHeight},!(o&&!S)&&(S&&o&&f.scrollTop<Ht-1?a(!1):!o&&!S&&f.scrollTop>=Ht-1&&a(!0),l(f.scrollTop))},y=f=>{let W=r.current;W&&(f.deltaY>=0||W.scrollHeight<=W.clientHeight||(l(W.scrollTop),a(!1)))},k=o?Math.max(0,e*t-h):c,j=Math.max(0,Math.min(e,Math.floor(k/t))-Pn),Et=Math.min(e,Math.ceil((k+h)/t)+Pn);return{box:r,from:j,to:Et,onScroll:g,onWheel:y}}function In(t,e,n){let o=e*n;o<t.scrollTop?t.scrollTop=o:o+n>t.scrollTop+t.clientHeight&&(t.scrollTop=o+n-t.clientHeight)}var Dn=({length:t,from:e,rowHeight:n,children:o})=>s`
  <div class="sizer" role="presentation" style=${{height:`${t*n}px`}}>
    <div class="slice" role="presentation" style=${{transform:`translateY(${e*n}px)`}}>${o}</div>
  </div>`;var Cs=2e6,Bt=m(!1),Ts=t=>[["Time",s`<span title=${t.at}>${At(t.at)}</span>`],["Direction",t.direction==="in"?"in, from the client":"out, to the client"],["Connection",s`<a href=${v("connections",t.connection)}>${p(t.connection)}</a>`],["Path",s`<${w} text=${t.path} />`],["Size",`${t.kind}, ${t.bytes<1024?b(t.bytes,"byte"):`${L(t.bytes)} (${u(t.bytes)} bytes)`}`],["Number",u(t.seq)]],Es=({m:t})=>t.cut&&s`
  <p class="hint">The server keeps the beginning of long messages; this one has ${b(t.bytes,"byte")}.</p>`;function Ms(t){try{return Ke(t)}catch{return"(not readable)"}}var Ns=({m:t})=>s`<pre class="raw">${Ms(t.base64??"")}</pre>`,As=()=>s`
  <fieldset class="choices">
    <legend class="visually-hidden">View</legend>
    <label><input type="radio" name="view" checked=${!Bt.value} onChange=${()=>{Bt.value=!1}} />Tree</label>
    <label><input type="radio" name="view" checked=${Bt.value} onChange=${()=>{Bt.value=!0}} />Raw</label>
  </fieldset>`;function Rs({m:t}){let e=t.text??"",n=!t.cut&&e.length<Cs&&/^\s*[[{]/.test(e)?Yt(e):null;return s`
    ${n&&s`<${As} />`}
    ${n&&!Bt.value?s`<${vt} node=${n} label="Message" />`:s`<pre class="raw"><${w} text=${e} most=${8192} multiline /></pre>`}`}function Ps(t){_.value={path:t.path,message:t.text??""},tt("try")}function jn({message:t,onClose:e}){return s`
    <${ft} title="Message" subject=${t.n} onClose=${e}>
      <${_t} rows=${Ts(t)} />
      <div class="actions">
        <${rt} text=${t.text??t.base64??""} label=${t.kind==="binary"?"Copy as base64":"Copy text"} what="the message" />
        ${t.kind==="text"&&!t.cut&&s`<button type="button" onClick=${()=>Ps(t)}>Try it</button>`}
      </div>
      <${Es} m=${t} />
      <div key=${t.n}>${t.kind==="binary"?s`<${Ns} m=${t} />`:s`<${Rs} m=${t} />`}</div>
    <//>`}var Ft=24,qn=400,Is=120,U=new Qt(I),oe=m(0),ke={current:0},O=m({direction:"",path:"",connection:"",text:""}),D=m(null),St=m(!0),T=m(null);async function Se(t=D.value?.log??I){await U.rebuild(En(O.value),t)&&(oe.value+=1)}ne.subscribe(()=>{if(D.value){oe.value+=1;return}I.first===I.next&&(ke.current=0),ke.current+=U.update(),oe.value+=1});function Ce(t){D.value=t?{at:I.next,log:Mn(I)}:null,t||(St.value=!0),Se()}var Ln=0;function kt(t){O.value={...O.value,...t},clearTimeout(Ln),Ln=setTimeout(()=>Se(),Is),xt.value&&xe(Bn());let{connection:e}=O.value;(R.value.query.get("connection")??"")!==e&&P("messages","",{connection:e})}function Bn(){let{direction:t,path:e,connection:n}=O.value;return{direction:t||null,path:Lt.has(e)?e:null,connection:n||null}}function Ds(){Rn(),T.value=null,D.value?Ce(!1):Se()}var js=[["","Both"],["in","In"],["out","Out"]],qs=()=>s`
  <fieldset class="choices">
    <legend class="visually-hidden">Direction</legend>
    ${js.map(([t,e])=>s`
      <label key=${t}><input type="radio" name="direction" value=${t} checked=${O.value.direction===t}
        onChange=${()=>kt({direction:t})} />${e}</label>`)}
  </fieldset>`,Ls=()=>s`
  <div class="bar">
    <h1>Messages</h1>
    <button type="button" class="pause" title="Space, in the list" aria-pressed=${!!D.value} onClick=${()=>Ce(!D.value)}>${D.value?"Resume":"Pause"}</button>
    <button type="button" onClick=${Ds}>Clear</button>
    <${qs} />
    <input type="search" class="path-filter" list="message-paths" aria-label="Filter by path" placeholder="Path" autocomplete="off"
      value=${O.value.path} onInput=${t=>kt({path:t.currentTarget.value.trim()})} />
    <datalist id="message-paths">${[...Lt].map(t=>s`<option key=${t} value=${t} />`)}</datalist>
    <input type="search" class="grow" data-filter aria-label="Search in messages" placeholder="Search text" autocomplete="off"
      value=${O.value.text} onInput=${t=>kt({text:t.currentTarget.value})} />
    ${O.value.connection&&s`
      <button type="button" class="chip" aria-label=${`Show all connections, not only ${O.value.connection}`} onClick=${()=>kt({connection:""})}>
        <span class="mono">${p(O.value.connection)}</span> ×</button>`}
  </div>`;function Os(t){if(t.kind==="binary")return Ue(t.base64??"");let e=t.text??"";return p(e.length>qn?e.slice(0,qn):e)}var Fn=t=>`m-${t.n}`;function Bs({message:t,index:e}){let n=T.value===t;return s`
    <div role="row" class=${`log-row ${t.direction} ${n?"selected":""}`} id=${Fn(t)} data-index=${e}
      aria-rowindex=${e+2} aria-selected=${n}>
      <span role="gridcell" class="l-time">${mt(t.at,!1)}<span class="ms">${mt(t.at).slice(8)}</span></span>
      <span role="gridcell" class="l-dir">${t.direction}</span>
      <span role="gridcell" class="l-conn">${p(t.connection)}</span>
      <span role="gridcell" class="l-path"><bdi>${p(t.path)}</bdi></span>
      <span role="gridcell" class="l-size number">${L(t.bytes)}</span>
      <span role="gridcell" class=${`l-text ${t.kind}`}><bdi>${Os(t)}</bdi></span>
    </div>`}var Fs=[["l-time","Time"],["l-dir","Dir"],["l-conn","Connection"],["l-path","Path"],["l-size number","Size"],["l-text","Message"]],Hs=()=>s`
  <div role="row" class="log-row log-head" aria-rowindex="1">
    ${Fs.map(([t,e])=>s`<span key=${e} role="columnheader" class=${t}>${e}</span>`)}
  </div>`;function Hn(t){let e=0,n=U.length-1;for(;e<=n;){let o=e+n>>1,a=U.at(o).n;if(a===t.n)return o;a<t.n?e=o+1:n=o-1}return-1}var zs={ArrowDown:t=>t+1,ArrowUp:t=>t-1,PageDown:(t,e)=>t+e,PageUp:(t,e)=>t-e,Home:()=>0,End:()=>1/0};function zn(t,e){let n=U.length-1;if(n<0)return;let o=Math.max(0,Math.min(n,e));St.value=e===1/0,T.value=U.at(o),In(t,o,Ft)}function Ks(t,e){if(t.target.closest("button"))return;if(t.key==="Escape"&&T.value){T.value=null,t.preventDefault();return}if(t.key===" "){Ce(!D.value),t.preventDefault();return}if(t.key==="Enter"&&T.value){document.querySelector(".panel h2")?.focus(),t.preventDefault();return}let n=zs[t.key];if(!n)return;t.preventDefault();let o=T.value?Hn(T.value):-1,a=Math.max(1,Math.floor(e.clientHeight/Ft)-1),r=o<0?t.key==="ArrowUp"?U.length:Math.floor(e.scrollTop/Ft)-1:o;zn(e,n(r,a))}function Us(){let{direction:t,path:e,connection:n,text:o}=O.value;return I.fifo.length&&(t||e||n||o)?s`<${E} title="No recorded message matches these filters.">
      <button type="button" onClick=${()=>kt({direction:"",path:"",connection:"",text:""})}>Clear the filters</button><//>`:s`
    <${E} title="No messages yet. Recording since this page was opened; to send one from a terminal:">
      <${X} text=${et(q.value,C.value[0]?.path)} /><//>`}var Kn=()=>(oe.value,U.length);function Ws(){let t=Kn(),{box:e,from:n,to:o,onScroll:a,onWheel:r}=_n(Ft,t,ke,St.value,d=>{St.value=d}),i=[];for(let d=n;d<o;d+=1){let g=U.at(d);i.push(s`<${Bs} key=${g.n} message=${g} index=${d} selected=${T.value===g} />`)}let c=T.value&&Hn(T.value),l=c!==null&&c>=n&&c<o,h=d=>{let g=d.target.closest("[data-index]");!g||String(getSelection())||zn(e.current,Number(g.dataset.index))};return s`
    <div class="log" role="grid" tabindex="0" aria-label="Messages, newest last" aria-rowcount=${t+1}
      aria-activedescendant=${l?Fn(T.value):void 0} onKeyDown=${d=>Ks(d,e.current)}>
      <${Hs} />
      <div class="log-box scroll" ref=${e} role="rowgroup" tabindex="-1" onScroll=${a} onWheel=${r} onClick=${h}>
        <${Dn} length=${t} from=${n} rowHeight=${Ft}>${i}<//>
        ${!t&&!U.building&&q.value&&s`<${Us} />`}
      </div>
    </div>`}function Ys(){let t=Kn(),e=D.value?I.next-D.value.at:0,n=D.value?D.value.log.fifo.length:I.fifo.length,o=[`${u(t)} shown of ${u(n)} kept (at most ${u(2e4)})`];return I.dropped&&o.push(`${u(I.dropped)} older dropped`),Ot.value&&o.push(`${u(Ot.value)} left out by the server, too fast`),s`
    <div class="foot">
      <span class="foot-text">${o.join(" · ")}</span>
      <label class="check" title="The server then sends only what direction, path and connection let through">
        <input type="checkbox" checked=${!!xt.value} onChange=${a=>xe(a.currentTarget.checked?Bn():null)} />
        Record only what is shown</label>
      <span class="foot-state">
        ${D.value&&s`<b>Paused</b>, ${u(e)} waiting`}
        ${!D.value&&(St.value?"Following the newest":s`<button type="button" class="chip" onClick=${()=>{St.value=!0}}>Follow the newest</button>`)}
      </span>
    </div>`}function On(){T.value=null,requestAnimationFrame(()=>document.querySelector(".log")?.focus({preventScroll:!0}))}function Un(){let t=R.value.query.get("connection")??"",e=N(null);return x(An,[]),x(()=>{e.current!==t&&O.value.connection!==t&&(t||e.current!==null)&&kt({connection:t}),e.current=t},[t]),s`
    <div class=${`page split ${T.value?"with-panel":""}`} onKeyDown=${ht(On,T.value)}>
      <div class="main">
        <${Ls} />
        <${Ws} />
        <${Ys} />
      </div>
      ${T.value&&s`<${jn} message=${T.value} onClose=${On} />`}
    </div>`}var Yn=["system","light","dark"],Wn="sockeye.theme",Ct=m(document.documentElement.dataset.theme??"system");function Gn(t){t==="system"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=t;try{t==="system"?localStorage.removeItem(Wn):localStorage.setItem(Wn,t)}catch{}Ct.value=t}var Gs=t=>t&&Object.values(t).reduce((e,n)=>e+n,0),Tt=({name:t,value:e,note:n,tone:o=""})=>s`
  <div class=${`figure ${o}`}><dt>${t}</dt><dd>${e}${n&&s`<small>${n}</small>`}</dd></div>`;function Vs({now:t}){let e=Gs(t?.errors),n=t?.connections.rejected;return s`
    <dl class="figures">
      <${Tt} name="Active connections" value=${u(t?.connections.active)} note=${`${u(t?.connections.total)} in total`} />
      <${Tt} name="Rejected" value=${u(n)} note="handshakes" tone=${n?"warn":""} />
      <${Tt} name="Messages in" value=${z(ot.value.received)} note=${`per s, ${u(t?.messages.received)} in total`} />
      <${Tt} name="Messages out" value=${z(ot.value.sent)} note=${`per s, ${u(t?.messages.sent)} in total`} />
      <${Tt} name="Unanswered" value=${u(t?.unanswered)} note="no rule matched" />
      <${Tt} name="Errors" value=${u(e)} note=${e?"of the kinds below":e===0?"none so far":""} tone=${e?"bad":""} />
    </dl>`}var Js={messages:[{colour:"--in"},{colour:"--out",dash:[6,3]}],connections:[{colour:"--accent"}]},Vn=t=>t==="messages"?[ut.time,ut.received,ut.sent]:[ut.time,ut.active];function Jn({which:t,label:e}){let n=N(null);return x(()=>{let o=null,a=!1,r=[];import("./chart-B5ABXDPT.js").then(({draw:l})=>{a||!n.current||(o=l(n.current,Js[t],Vn(t)),r=[Mt(()=>{Ae.value&&o.set(Vn(t))}),Mt(()=>{Ct.value&&o.repaint()})])});let i=matchMedia("(prefers-color-scheme: dark)"),c=()=>o?.repaint();return i.addEventListener("change",c),()=>{a=!0,r.forEach(l=>l()),i.removeEventListener("change",c),o?.destroy()}},[]),s`<div class="chart" role="img" aria-label=${e} ref=${n}></div>`}var Te=({tone:t,name:e,value:n})=>s`<span class=${`key ${t}`}><i></i>${e} <b>${n}</b></span>`;function Xs({now:t}){let{received:e,sent:n}=ot.value,o=u(t?.connections.active);return s`
    <div class="charts">
      <section>
        <header><h2>Messages per second</h2><${Te} tone="in" name="in" value=${z(e)} /><${Te} tone="out" name="out" value=${z(n)} /></header>
        <${Jn} which="messages" label=${`Messages per second over five minutes; now ${z(e)} in, ${z(n)} out`} />
      </section>
      <section>
        <header><h2>Connections</h2><${Te} tone="accent" name="active" value=${o} /></header>
        <${Jn} which="connections" label=${`Connections over five minutes; now ${o}`} />
      </section>
    </div>`}var Qs=t=>t.replaceAll("_"," ");function Zs({errors:t}){let e=Object.entries(t??{}).sort((n,o)=>o[1]-n[1]);return s`
    <section>
      <h2>Errors by kind</h2>
      ${e.length?s`<table class="plain"><tbody>${e.map(([n,o])=>s`
            <tr key=${n} class=${o?"":"idle"}><th scope="row">${Qs(n)}</th><td class="number">${u(o)}</td></tr>`)}</tbody></table>`:s`<p class="muted">${t?"The server counts no kinds of errors.":"–"}</p>`}
    </section>`}function tr({now:t}){let e=[["Version",t?.version??"–"],["Up for",J(t?.uptime_ms)],["Generation of the files",u(t?.generation)],["Rooms",s`<a href=${v("rooms")}>${u(t?.rooms)}</a>`],["Bytes in",L(t?.bytes.received)],["Bytes out",L(t?.bytes.sent)]];return s`
    <section>
      <h2>Server</h2>
      <table class="plain"><tbody>${e.map(([n,o])=>s`
        <tr key=${n}><th scope="row">${n}</th><td class="number">${o}</td></tr>`)}</tbody></table>
    </section>`}function Xn(){let t=q.value,e=t&&t.connections.total===0;return s`
    <div class="page scroll">
      <h1 class="visually-hidden">Overview</h1>
      <${Vs} now=${t} />
      ${e&&s`
        <${E} title="Nobody has connected yet. To be the first:"><${X} text=${et(t)} /><//>`}
      <${Xs} now=${t} />
      <div class="columns"><${Zs} errors=${t?.errors} /><${tr} now=${t} /></div>
    </div>`}var er=2e3,se=200,nr=t=>[...t].sort((e,n)=>n.size-e.size||e.name.localeCompare(n.name)),or=({room:t,selected:e,params:n})=>s`
  <tr class=${e?"selected":""} aria-current=${e?"true":void 0}
      onClick=${o=>{o.target.closest("a")||tt("rooms",t.name,n)}}>
    <td class="room-name"><a href=${v("rooms",t.name,n)} title=${p(t.name)}><bdi>${p(t.name)}</bdi></a></td>
    <td class="number room-size">${u(t.size)}</td>
    <td class="room-members"><bdi>${t.members.slice(0,8).map(p).join(", ")}${t.members.length>8?" …":""}</bdi></td>
  </tr>`,sr=({rooms:t,item:e,params:n})=>{let[o,a]=$(se);return s`
    <table class="rows rooms" aria-label="Rooms">
      <thead><tr><th scope="col" class="room-name">Room</th><th scope="col" class="number room-size">Members</th><th scope="col" class="room-members">Who</th></tr></thead>
      <tbody>${t.slice(0,o).map(r=>s`<${or} key=${r.name} room=${r} selected=${r.name===e} params=${n} />`)}</tbody>
    </table>
    ${t.length>o&&s`<button type="button" class="more" onClick=${()=>a(o+se)}>show more (${u(t.length-o)} left)</button>`}`};function rr({room:t}){let[e,n]=$(se);return s`
    <ul class="members">${t.members.slice(0,e).map(o=>s`<li key=${o}><a href=${v("connections",o)}>${p(o)}</a></li>`)}</ul>
    ${t.members.length>e&&s`<button type="button" class="more" onClick=${()=>n(e+se)}>show more (${u(t.members.length-e)} left)</button>`}`}function ar({name:t,room:e,onClose:n}){let o=async(a,r)=>{let{delivered:i}=await Y(`/broadcast${H({room:t})}`,a,r);return i?`Delivered to ${b(i,"connection")}`:"Nobody is in this room any more"};return s`
    <${ft} title=${s`<bdi>${p(t)}</bdi>`} subject=${t} takeFocus onClose=${n}>
      ${!e&&s`<p class="gone" role="status">Nobody is in this room any more.</p>`}
      <${K} title="Broadcast to this room"><${$t} send=${o} action="Broadcast" label=${`Message to room ${t}`} /><//>
      ${e&&s`<${K} title=${b(e.size,"member")}><${rr} room=${e} /><//>`}
      ${e&&s`<p class="links"><a href=${v("connections","",{q:/\s/.test(t)?"":`room:${t}`})}>Show them as connections</a></p>`}
    <//>`}function ir({words:t}){return t?s`<${E} title="No room matches this filter."><button type="button" onClick=${()=>P("rooms")}>Clear the filter</button><//>`:s`
    <${E} title="There are no rooms. A room exists while a connection is in it; handlers put connections into rooms when they join. To connect:">
      <${X} text=${et(q.value,(C.value.find(e=>e.kind.includes("room"))??C.value[0])?.path)} /><//>`}function Qn(t,e){tt("rooms","",e),requestAnimationFrame(()=>document.querySelector(`a[href="${CSS.escape(v("rooms",t,e))}"]`)?.focus({preventScroll:!0}))}function Zn(){let{data:t,error:e}=Z(l=>B("/rooms",l),er,[]),{item:n,query:o}=R.value,a=o.get("q")??"",r={q:a},i=nr(t?.rooms??[]),c=i.filter(l=>l.name.toLowerCase().includes(a.trim().toLowerCase()));return s`
    <div class=${`page split ${n?"with-panel":""}`} onKeyDown=${ht(()=>Qn(n,r),n)}>
      <div class="main">
        <div class="bar">
          <h1>Rooms</h1>
          <input type="search" class="grow" data-filter aria-label="Filter rooms" placeholder="Filter: name" value=${a}
            onInput=${l=>P("rooms",n,{q:l.currentTarget.value})} />
          <span class="muted">${t?a?`${u(c.length)} of ${u(i.length)}`:b(i.length,"room"):""}</span>
        </div>
        <${Q} error=${e} />
        <div class="table-box scroll">
          ${c.length>0&&s`<${sr} rooms=${c} item=${n} params=${r} />`}
          ${t&&!c.length&&s`<${ir} words=${a} />`}
        </div>
      </div>
      ${n&&s`<${ar} key=${n} name=${n} room=${i.find(l=>l.name===n)} onClose=${()=>Qn(n,r)} />`}
    </div>`}var eo={overview:["Overview",Xn],connections:["Connections",vn],messages:["Messages",Un],handlers:["Handlers",kn],rooms:["Rooms",Zn],try:["Try",yn]},lr=()=>s`
  <nav aria-label="Pages">
    ${Object.entries(eo).map(([t,[e]])=>s`
      <a key=${t} href=${v(t)} aria-current=${R.value.page===t?"page":void 0}>${e}</a>`)}
  </nav>`,cr=()=>s`
  <select aria-label="Theme" title="Theme" value=${Ct.value} onChange=${t=>Gn(t.currentTarget.value)}>
    ${Yn.map(t=>s`<option key=${t} value=${t} selected=${Ct.value===t}>${t[0].toUpperCase()+t.slice(1)}</option>`)}
  </select>`;function ur(){let t=q.value;if(!t)return s`<span class="status-text">Connected</span>`;let e=[`sockeye ${t.version}`,`up ${J(t.uptime_ms)}`,`${u(t.connections.active)} connected`,`${z(ot.value.received)} in/s`,`${z(ot.value.sent)} out/s`];return s`<span class="status-text"><b>Live</b>${e.map((n,o)=>s`<span key=${o}>${p(n)}</span>`)}</span>`}function pr(){let[,t]=$(0);x(()=>{let i=setInterval(()=>t(c=>c+1),500);return()=>clearInterval(i)},[]);let{retryAt:e,since:n,kind:o}=M.value,a=Math.max(0,Math.ceil((e-Date.now())/1e3)),r=o==="connecting"?"trying now":`next try in ${a} s`;return s`
    <span class="status-text"><b role="alert">Disconnected</b><span>what you see is from ${mt(new Date(n),!1)}</span><span>${r}</span></span>
    <button type="button" onClick=${bt}>Try now</button>`}function dr(){let{kind:t,since:e}=M.value;return A.value?s`<div class="status down"><span class="status-text"><b>Token needed</b></span>
      <button type="button" onClick=${()=>{A.value={...A.value,shut:!1}}}>Enter token</button></div>`:t==="live"?s`<div class="status"><${ur} /></div>`:e?s`<div class="status down"><${pr} /></div>`:s`<div class="status"><span class="status-text">Connecting</span></div>`}function mr(t){if(t.key!=="/"||t.ctrlKey||t.metaKey||t.altKey||t.target.closest("input, textarea, select, dialog"))return;let e=document.querySelector("[data-filter]");e&&(t.preventDefault(),e.focus(),e.select())}function $r(t){t.preventDefault(),document.getElementById("content").focus()}var to=m("");function hr(){let{page:t}=R.value,[e,n]=eo[t];return x(()=>{document.title=`${e} – sockeye`,to.value=e},[e]),s`
    <a class="skip" href="#content" onClick=${$r}>Skip to the content</a>
    <header class="top">
      <a class="brand" href=${v("overview")} aria-label="sockeye, overview">sockeye</a>
      <${lr} />
      <div class="tools"><${nn} /><${en} /><${cr} /></div>
    </header>
    <${dr} />
    <main id="content" tabindex="-1"><${n} key=${t} /></main>
    <p class="visually-hidden" aria-live="polite">${to.value}</p>
    <${Ze} />
    <${on} />`}var no=document.getElementById("app");no.replaceChildren();Me(s`<${hr} />`,no);document.addEventListener("keydown",mr);Xt((t,e)=>{e&&V().catch(()=>{})});cn();
