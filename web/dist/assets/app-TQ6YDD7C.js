import{a as Se,b as Ce,c as $,d as x,e as Te,f as N,g as H,h as m,i as Tt,k as O,l as ot,m as ut,n as Ee,o as Me,p as Ht,q as Ne,r as Ae,s as Re,t as zt}from"./chunk-R6YLE5Q5.js";var Pe="sockeye.token",se="",A=m(null),re=null;function Kt(){try{return sessionStorage.getItem(Pe)??se}catch{return se}}function Xn(t){se=t;try{sessionStorage.setItem(Pe,t)}catch{}}function _e(t){return t!==Kt()?Promise.resolve():(re??=new Promise(e=>{A.value={refused:t!=="",resolve:e}}),re)}function Ie(t){Xn(t);let{resolve:e}=A.value;A.value=null,re=null,e()}function je(){let t=new TextEncoder().encode(Kt());return t.length?["sockeye.events",`sockeye.token.${btoa(String.fromCharCode(...t)).replaceAll("+","-").replaceAll("/","_").replace(/=+$/,"")}`]:["sockeye.events"]}var ae="/__mockforge/ws",Qn=1e4,dt=class extends Error{constructor(e,n,o){super(e),this.status=n,this.body=o}},Zn=(t,e)=>typeof t?.error=="string"?t.error:`the server answered with status ${e}`;async function to(t,e,{body:n,type:o,signal:a}){let r={},i=Kt();i&&(r.Authorization=`Bearer ${i}`),o&&(r["Content-Type"]=o);let c=AbortSignal.timeout(Qn),l,p;try{l=await fetch(ae+e,{method:t,headers:r,body:n,cache:"no-store",signal:a?AbortSignal.any([a,c]):c}),p=await l.text()}catch(v){throw a?.aborted?v:c.aborted?new dt("the server did not answer within 10 s",0):new dt("the server cannot be reached; is sockeye still running?",0)}return{response:l,text:p,used:i}}async function Et(t,e,n={}){for(;;){let{response:o,text:a,used:r}=await to(t,e,n);if(o.status===401){await _e(r);continue}let i=null;try{i=JSON.parse(a)}catch{if(o.ok)throw new dt("the server answered with something that is not JSON",o.status)}if(!o.ok)throw new dt(Zn(i,o.status),o.status,i);return{body:i,text:a}}}var B=async(t,e)=>(await Et("GET",t,{signal:e})).body,W=async(t,e,n)=>(await Et("POST",t,{body:e,type:n})).body,De=async t=>(await Et("DELETE",t)).body;function z(t){let e=Object.entries(t).filter(([,n])=>n!==""&&n!==null&&n!==void 0);return e.length?`?${new URLSearchParams(e)}`:""}var Ut=t=>`/connections/${encodeURIComponent(t)}`;var C=m([]);async function G(t){let e=await B("/handlers",t);return C.value=e.handlers,e}var ie=new Intl.NumberFormat("en",{maximumFractionDigits:0}),u=t=>Number.isFinite(t)?ie.format(t):"–",g=(t,e,n=`${e}s`)=>`${u(t)} ${t===1?e:n}`;function K(t){return Number.isFinite(t)?t>0&&t<10?t.toFixed(1):ie.format(t):"–"}function D(t){if(!Number.isFinite(t))return"–";if(t<1024)return`${t} B`;let e=["KiB","MiB","GiB","TiB"],n=t/1024,o=0;for(;n>=1024&&o<e.length-1;)n/=1024,o+=1;return`${n<10?n.toFixed(1):ie.format(n)} ${e[o]}`}function J(t){if(!Number.isFinite(t))return"–";let e=Math.max(0,Math.floor(t/1e3));return e<60?`${e} s`:e<3600?`${Math.floor(e/60)} min ${e%60} s`:e<86400?`${Math.floor(e/3600)} h ${Math.floor(e/60)%60} min`:`${Math.floor(e/86400)} d ${Math.floor(e/3600)%24} h`}function qe(t){return t<1e3?`${t} ms`:`${Number((t/1e3).toFixed(3))} s`}var Y=(t,e=2)=>String(t).padStart(e,"0");function pt(t,e=!0){let n=t instanceof Date?t:new Date(t);if(Number.isNaN(n.getTime()))return"–";let o=`${Y(n.getHours())}:${Y(n.getMinutes())}:${Y(n.getSeconds())}`;return e?`${o}.${Y(n.getMilliseconds(),3)}`:o}function Mt(t){let e=new Date(t);return Number.isNaN(e.getTime())?"–":`${e.getFullYear()}-${Y(e.getMonth()+1)}-${Y(e.getDate())} ${pt(e)}`}var Le=/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,eo={"\n":"\\n","\r":"\\r","	":"\\t"},Oe=t=>eo[t]??`\\u${t.charCodeAt(0).toString(16).padStart(4,"0")}`,d=t=>String(t).replace(Le,Oe),Be=t=>String(t).replace(Le,e=>e===`
`||e==="	"?e:Oe(e));function Fe(t,e=4096){let n=atob(t),o=[];for(let a=0;a<Math.min(n.length,e);a+=16){let r=n.slice(a,a+16),i=Array.from(r,l=>Y(l.charCodeAt(0).toString(16))).join(" "),c=r.replace(/[^\x20-\x7e]/g,".");o.push(`${Y(a.toString(16),4)}  ${i.padEnd(47)}  ${c}`)}return o.join(`
`)}function He(t,e=32){let n="";try{n=atob(t.slice(0,Math.ceil(e/3)*4))}catch{return""}return Array.from(n.slice(0,e),o=>Y(o.charCodeAt(0).toString(16))).join(" ")}function ze(t){let e=t.replace(/\s+|0x/gi,""),n=/[^0-9a-f]/i.exec(e);return n?{error:`“${n[0]}” is not a hex digit`}:e.length%2?{error:`${g(e.length,"hex digit")}: one is missing, bytes have two`}:{bytes:Uint8Array.from(e.match(/../g)??[],o=>parseInt(o,16))}}var Ue=function(t,e,n,o){var a;e[0]=0;for(var r=1;r<e.length;r++){var i=e[r++],c=e[r]?(e[0]|=i?1:2,n[e[r++]]):e[++r];i===3?o[0]=c:i===4?o[1]=Object.assign(o[1]||{},c):i===5?(o[1]=o[1]||{})[e[++r]]=c:i===6?o[1][e[++r]]+=c+"":i?(a=t.apply(c,Ue(t,c,n,["",null])),o.push(a),c[0]?e[0]|=2:(e[r-2]=0,e[r]=a)):o.push(c)}return o},Ke=new Map;function We(t){var e=Ke.get(this);return e||(e=new Map,Ke.set(this,e)),(e=Ue(this,e.get(t)||(e.set(t,e=(function(n){for(var o,a,r=1,i="",c="",l=[0],p=function(f){r===1&&(f||(i=i.replace(/^\s*\n\s*|\s*\n\s*$/g,"")))?l.push(0,f,i):r===3&&(f||i)?(l.push(3,f,i),r=2):r===2&&i==="..."&&f?l.push(4,f,0):r===2&&i&&!f?l.push(5,0,!0,i):r>=5&&((i||!f&&r===5)&&(l.push(r,0,i,a),r=6),f&&(l.push(r,f,0,a),r=6)),i=""},v=0;v<n.length;v++){v&&(r===1&&p(),p(v));for(var h=0;h<n[v].length;h++)o=n[v][h],r===1?o==="<"?(p(),l=[l],r=3):i+=o:r===4?i==="--"&&o===">"?(r=1,i=""):i=o+i[0]:c?o===c?c="":i+=o:o==='"'||o==="'"?c=o:o===">"?(p(),r=1):r&&(o==="="?(r=5,a=i,i=""):o==="/"&&(r<5||n[v][h+1]===">")?(p(),r===3&&(l=l[0]),r=l,(l=l[0]).push(2,0,r),r=0):o===" "||o==="	"||o===`
`||o==="\r"?(p(),r=2):i+=o),r===3&&i==="!--"&&(r=4,l=l[0])}return p(),l})(t)),e),arguments,[])).length>1?e:e[0]}var s=We.bind(Se);var no=/[ \t\n\r]*/y,oo=/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y,so=/true|false|null/y,ro=/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,le=class{constructor(e){this.text=e,this.at=0,this.depth=0}take(e){e.lastIndex=this.at;let n=e.exec(this.text);return n?(this.at+=n[0].length,n[0]):null}skip(){this.take(no)}eat(e){return this.skip(),this.text[this.at]!==e?!1:(this.at+=1,!0)}must(e){this.eat(e)||this.fail(`expected “${e}”`)}fail(e){let n=this.at<this.text.length?`found “${this.text[this.at]}”`:"the text ends";throw new SyntaxError(`${e}, ${n} (character ${this.at+1})`)}string(){this.skip();let e=this.take(ro);return e===null&&this.fail("expected a string"),JSON.parse(e)}value(){this.skip();let e=this.text[this.at];if(e==="{")return this.nested(()=>this.object());if(e==="[")return this.nested(()=>this.array());if(e==='"')return{kind:"string",value:this.string()};let n=this.take(oo);if(n!==null)return{kind:"number",text:n};let o=this.take(so);return o===null&&this.fail("expected a value"),{kind:"word",text:o}}nested(e){if(this.depth+=1,this.depth>256)throw new SyntaxError("nested more than 256 levels deep");let n=e();return this.depth-=1,n}object(){let e=[];if(this.must("{"),this.eat("}"))return{kind:"object",entries:e};do{let n=this.string();this.must(":"),e.push([n,this.value()])}while(this.eat(","));return this.must("}"),{kind:"object",entries:e}}array(){let e=[];if(this.must("["),this.eat("]"))return{kind:"array",items:e};do e.push(this.value());while(this.eat(","));return this.must("]"),{kind:"array",items:e}}};function Nt(t){let e=new le(t),n=e.value();return e.skip(),e.at<t.length&&e.fail("expected the end"),n}function Wt(t){try{return Nt(t)}catch{return null}}var Ye=(t,e)=>t.entries?.find(([n])=>n===e)?.[1];var Yt={text:{label:"Text",type:"text/plain; charset=utf-8",hint:"Sent as one text message, exactly as typed.",sample:"hello"},json:{label:"JSON",type:"application/json",hint:"Checked, then sent as typed in one text message.",sample:'{"type": "ping"}'},hex:{label:"Binary (hex)",type:"application/octet-stream",hint:"Two hex digits for each byte; spaces are ignored.",sample:"0a ff 00 3c"}},io={text:t=>({body:t}),json:t=>{if(!t.trim())return{error:"There is no JSON yet."};try{Nt(t)}catch(e){if(!e.message.startsWith(`nested more than ${256}`))return{error:`Not JSON: ${e.message}.`}}return{body:t}},hex:t=>{let{bytes:e,error:n}=ze(t);return n?{error:`Not hex: ${n}.`}:{body:e}}};function lo(t,e,n){return t==="hex"&&n.body&&e.trim()?g(n.body.length,"byte"):Yt[t].hint}function mt({send:t,action:e="Send",label:n="Message"}){let o=H(),[a,r]=$("text"),[i,c]=$(""),[l,p]=$(!1),[v,h]=$(!1),[f,k]=$(null),j=io[a](i),Ct=j.error&&(l||i.trim())?j.error:null;async function b(S){if(S.preventDefault(),p(!0),!(j.error||v)){h(!0),k(null);try{k({ok:!0,text:await t(j.body,Yt[a].type)})}catch(oe){k({ok:!1,text:`Not sent: ${oe.message}`})}h(!1)}}let V=S=>{r(S),p(!1),k(null)},Ft=S=>{S.key==="Enter"&&(S.ctrlKey||S.metaKey)&&b(S)};return s`
    <form class="composer" onSubmit=${b} noValidate>
      <fieldset class="choices">
        <legend class="visually-hidden">Kind of message</legend>
        ${Object.entries(Yt).map(([S,{label:oe}])=>s`
          <label key=${S}><input type="radio" name=${o} value=${S} checked=${a===S} onChange=${()=>V(S)} />${oe}</label>`)}
      </fieldset>
      <label class="visually-hidden" for=${`${o}-text`}>${n}</label>
      <textarea id=${`${o}-text`} class="code" rows="4" spellcheck=${!1} autocomplete="off" placeholder=${Yt[a].sample} value=${i}
        aria-invalid=${!!Ct} aria-describedby=${`${o}-note`}
        onInput=${S=>{c(S.currentTarget.value),k(null)}} onKeyDown=${Ft}></textarea>
      <p id=${`${o}-note`} class=${Ct?"hint bad":"hint"} aria-live="polite">${Ct??lo(a,i,j)}</p>
      <div class="actions">
        <button type="submit" class="primary" disabled=${v}>${e}</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span role="status" class=${`result ${f?f.ok?"good":"bad":""}`}>${f?.text??""}</span>
      </div>
    </form>`}function Vt({title:t,onClose:e,children:n,wide:o=!1}){let a=N(null),r=H();return x(()=>{a.current.showModal()},[]),s`
    <dialog ref=${a} class=${o?"wide":""} aria-labelledby=${r} onClose=${e}>
      <header>
        <h2 id=${r}>${t}</h2>
        <button type="button" class="quiet" aria-label="Close dialog" onClick=${()=>a.current.close()}>×</button>
      </header>
      <div class="dialog-body">${n}</div>
    </dialog>`}var co=6e3,uo=4,At=m([]),Ve=1,Ge=t=>{At.value=At.value.filter(e=>e.id!==t)};function st(t,e="ok"){let n=Ve;Ve+=1,At.value=[...At.value,{id:n,text:t,kind:e}].slice(-uo),setTimeout(()=>Ge(n),co)}var Je=()=>s`
  <div class="notices" role="status" aria-live="polite">
    ${At.value.map(({id:t,text:e,kind:n})=>s`
      <div key=${t} class="notice ${n}">
        <span>${e}</span>
        <button type="button" class="quiet" aria-label="Dismiss" onClick=${()=>Ge(t)}>×</button>
      </div>`)}
  </div>`;function w({text:t,most:e=160,multiline:n=!1}){let[o,a]=$(!1),r=String(t??""),i=o||r.length<=e?r:r.slice(0,e),c=r.length>e&&s`
    <button type="button" class="more" aria-expanded=${o} onClick=${()=>a(!o)}>
      ${o?"show less":`show all (${u(r.length)} characters)`}
    </button>`;return s`<bdi class="value">${n?Be(i):d(i)}${!o&&c?"…":""}</bdi>${c&&s` ${c}`}`}async function Xe(t){try{await navigator.clipboard.writeText(t)}catch{po(t)}st(`Copied: ${d(t.length>60?`${t.slice(0,60)}…`:t)}`)}function po(t){let e=document.createElement("textarea");e.value=t,document.body.append(e),e.select(),document.execCommand("copy"),e.remove()}var rt=({text:t,label:e="Copy",what:n})=>s`
  <button type="button" class="copy" aria-label=${`Copy ${n??t}`} title=${`Copy ${n??t}`} onClick=${()=>Xe(t)}>${e}</button>`,at=({place:t})=>s`
  <button type="button" class="place" title=${`Copy ${t}`} onClick=${()=>Xe(t)}>${d(t)}</button>`,X=({text:t})=>s`
  <div class="command"><code>${d(t)}</code><${rt} text=${t} what="the command" /></div>`,T=({title:t,children:e})=>s`
  <div class="empty"><p class="empty-title">${t}</p>${e}</div>`,Q=({error:t})=>t&&s`
  <p class="failure" role="alert">${d(t.message)}</p>`,Rt=({rows:t})=>s`
  <dl class="facts">
    ${t.map(([e,n])=>s`<div key=${e}><dt>${e}</dt><dd>${n}</dd></div>`)}
  </dl>`;var ce=m(!1),it=m(null),Gt=m(!1);async function mo(){if(!Gt.value){Gt.value=!0;try{let{generation:t,warnings:e=[]}=await W("/reload");st(`Reloaded: the files are in force for the ${u(t)}${$o(t)} time`),it.value=e.length?{title:g(e.length,"warning"),lead:"The new files are in force.",list:e}:null,G().catch(()=>{})}catch(t){t.status!==422?st(`Not reloaded: ${t.message}`,"bad"):it.value={title:"Not reloaded",lead:t.message,list:t.body?.mistakes??[]}}Gt.value=!1}}function $o(t){return t%100>=11&&t%100<=13?"th":{1:"st",2:"nd",3:"rd"}[t%10]??"th"}var Qe=()=>s`
  <button type="button" disabled=${Gt.value} onClick=${mo} title="Read the files again; connections stay">Reload</button>`,Ze=()=>s`
  <button type="button" onClick=${()=>{ce.value=!0}}>Broadcast</button>`,ho=({mistake:t})=>{let{message:e,place:n,remedy:o}=typeof t=="string"?{message:t}:t;return s`
    <li>
      <p><${w} text=${e} most=${400} /></p>
      ${o&&s`<p class="remedy"><${w} text=${o} most=${400} /></p>`}
      ${n&&s`<${at} place=${n} />`}
    </li>`},fo=()=>it.value&&s`
  <${Vt} title=${it.value.title} wide onClose=${()=>{it.value=null}}>
    <p class="failure-lead">${d(it.value.lead)}</p>
    <ol class="mistakes">${it.value.list.map((t,e)=>s`<${ho} key=${e} mistake=${t} />`)}</ol>
  <//>`,bo={all:"All connections",path:"A path",room:"A room"};function go(){let t=H(),[e,n]=$("all"),[o,a]=$(""),r=async(i,c)=>{if(e!=="all"&&!o.trim())throw new Error(`name the ${e} first`);let{delivered:l}=await W(`/broadcast${e==="all"?"":z({[e]:o.trim()})}`,i,c);return l?`Delivered to ${g(l,"connection")}`:"Nobody was there to get it"};return s`
    <${Vt} title="Broadcast" wide onClose=${()=>{ce.value=!1}}>
      <div class="target">
        <fieldset class="choices">
          <legend class="visually-hidden">To whom</legend>
          ${Object.entries(bo).map(([i,c])=>s`
            <label key=${i}><input type="radio" name=${t} value=${i} checked=${e===i} onChange=${()=>n(i)} />${c}</label>`)}
        </fieldset>
        <input class="grow code" aria-label=${e==="room"?"Name of the room":"Path"} list=${`${t}-paths`} disabled=${e==="all"} autocomplete="off"
          placeholder=${{all:"",path:"/chat",room:"lobby"}[e]} value=${e==="all"?"":o} onInput=${i=>a(i.currentTarget.value)} />
        <datalist id=${`${t}-paths`}>${e==="path"&&C.value.map((i,c)=>s`<option key=${c} value=${i.path} />`)}</datalist>
      </div>
      <${mt} send=${r} action="Broadcast" />
    <//>`}function vo(){let[t,e]=$(""),n=A.value.refused;return s`
    <${Vt} title="Token" onClose=${()=>{A.value&&(A.value={...A.value,shut:!0})}}>
      <form class="token" onSubmit=${a=>{a.preventDefault(),t.trim()&&Ie(t.trim())}}>
        <p>This server wants its admin token. It is kept for this tab only.</p>
        <label for="token">Admin token</label>
        <input id="token" type="password" class="code" autofocus autocomplete="off" value=${t} aria-describedby="token-note" aria-invalid=${n}
          onInput=${a=>e(a.currentTarget.value)} />
        <p id="token-note" class=${n?"hint bad":"hint"} role="status">${n?"The server did not accept that token.":"The one that sockeye was started with."}</p>
        <div class="actions"><button type="submit" class="primary">Continue</button></div>
      </form>
    <//>`}var tn=()=>s`
  ${ce.value&&s`<${go} />`}
  <${fo} />
  ${A.value&&!A.value.shut&&s`<${vo} />`}`;var pe=500,yo=15e3,wo=1600,E=m({kind:"connecting"}),en=new Set,Jt=t=>en.add(t),lt=null,$t=pe,Pt=0,ue=!1,xo=()=>`${location.protocol==="https:"?"wss:":"ws:"}//${location.host}${ae}`;function nn(t){lt?.readyState===WebSocket.OPEN&&lt.send(JSON.stringify(t))}function ko(t){let e;try{e=JSON.parse(t.data)}catch{return}let n=e.type==="hello";n&&($t=pe,E.value={kind:"live"}),Ht(e.stats),e.closed?.length&&Re(e.closed),(e.opened?.length||e.closed?.length)&&(zt.value+=1);for(let o of en)o(e,n)}function de(){let t=$t*(.8+Math.random()*.4);$t=Math.min($t*2,yo),E.value={kind:"waiting",retryAt:Date.now()+t,since:E.value.since??Date.now()},clearTimeout(Pt),Pt=setTimeout(ht,t)}async function on(t){if(Ne(),t)return de();try{Ht(await B("/stats"))}catch{return de()}return $t>pe?de():So()}function So(){$t*=2,clearTimeout(Pt),Pt=setTimeout(ht,50)}function ht(){clearTimeout(Pt),sn(),E.value={...E.value,kind:"connecting"};let t=new WebSocket(xo(),je()),e=!1;lt=t,t.onopen=()=>{e=!0},t.onmessage=ko,t.onclose=()=>{lt===t&&(lt=null,on(e))}}function sn(){let t=lt;lt=null,t?.close()}async function Co(){if(!(ue||E.value.kind!=="live"||performance.now()-Me.at<wo)){ue=!0;try{Ht(await B("/stats"))}catch{E.value.kind==="live"&&(sn(),on(!0))}ue=!1}}function rn(){ht(),setInterval(Co,1e3),addEventListener("online",()=>{E.value.kind==="waiting"&&ht()})}function Z(t,e,n){let[o,a]=$({data:null,error:null}),r=N(()=>{});return x(()=>{let i=new me(t,e,a);r.current=()=>i.soon();let c=Tt(()=>{E.value.kind==="live"&&i.soon()}),l=()=>{document.hidden||i.soon()};return document.addEventListener("visibilitychange",l),i.turn(),()=>{i.stop(),c(),document.removeEventListener("visibilitychange",l)}},n),{...o,refresh:()=>r.current()}}var an=200,me=class{constructor(e,n,o){this.load=e,this.everyMs=n,this.tell=o,this.abort=new AbortController,this.timer=0,this.busy=!1,this.wanted=!1,this.startedAt=-1/0}soon(){if(this.busy){this.wanted=!0;return}this.later(Math.max(0,this.startedAt+an-performance.now()))}later(e){clearTimeout(this.timer),this.timer=setTimeout(()=>this.turn(),e)}async turn(){if(!(this.busy||this.abort.signal.aborted)&&!(document.hidden||E.value.kind==="waiting")){this.busy=!0,this.wanted=!1,this.startedAt=performance.now();try{let e=await this.load(this.abort.signal);this.abort.signal.aborted||this.tell({data:e,error:null})}catch(e){this.abort.signal.aborted||this.tell(n=>({...n,error:e}))}this.busy=!1,this.later(this.wanted?an:this.everyMs)}}stop(){clearTimeout(this.timer),this.abort.abort()}};var To=["overview","connections","messages","handlers","rooms","try"],Eo=t=>{try{return decodeURIComponent(t)}catch{return t}};function $e(t){let[e,n=""]=t.replace(/^#\/?/,"").split("?",2),[o,...a]=e.split("/");return{page:To.includes(o)?o:"overview",item:a.length?Eo(a.join("/")):"",query:new URLSearchParams(n)}}function y(t,e="",n={}){let o=new URLSearchParams(Object.entries(n).filter(([,a])=>a)).toString();return`#/${t}${e?`/${encodeURIComponent(e)}`:""}${o?`?${o}`:""}`}var R=m($e(location.hash));addEventListener("hashchange",()=>{R.value=$e(location.hash)});var tt=(...t)=>{location.hash=y(...t)};function P(...t){history.replaceState(null,"",y(...t)),R.value=$e(location.hash)}var Mo="ws://127.0.0.1:8080",No=(t=O.value)=>(t?.urls?.[0]??Mo).replace(/\/$/,""),_t=t=>t.replace(/[:{]([A-Za-z_]\w*)[^/]*/g,"$1").replaceAll("*","any"),et=(t,e="/")=>`npx wscat -c "${No(t??void 0)}${_t(e)}"`;function ft({title:t,tools:e,subject:n,onClose:o,takeFocus:a=!1,children:r}){let i=N(null),c=H();return x(()=>{a&&i.current.focus({preventScroll:!0})},[n,a]),s`
    <aside class="panel" aria-labelledby=${c} onKeyDown=${p=>{p.key!=="Escape"||p.defaultPrevented||(p.preventDefault(),o())}}>
      <header>
        <h2 id=${c} ref=${i} tabindex="-1">${t}</h2>
        ${e}
        <span class="spacer"></span>
        <button type="button" class="quiet" aria-label="Close panel" onClick=${o}>×</button>
      </header>
      <div class="panel-body">${r}</div>
    </aside>`}var U=({title:t,children:e,open:n=!0})=>s`
  <details class="section" open=${n}><summary>${t}</summary>${e}</details>`;var ln=100,Ao=2,Ro=40,cn=t=>t.kind==="object"?t.entries:t.items.map((e,n)=>[n,e]);function Po({node:t}){return t.kind==="string"?s`<span class="json-string">"<${w} text=${t.value} most=${300} />"</span>`:s`<span class=${`json-${t.kind}`}>${t.text}</span>`}var un=({name:t})=>s`
  <span class=${typeof t=="number"?"json-index":"json-key"}><${w} text=${t} most=${80} /></span><span class="json-colon">: </span>`;function _o({name:t,node:e,level:n}){let o=cn(e),[a,r]=$(n<Ao&&o.length<=Ro),[i,c]=$(ln),[l,p]=e.kind==="object"?"{}":"[]",v=e.kind==="object"?g(o.length,"member"):g(o.length,"item"),h=`${t===void 0?"value":t}, ${v}`;return s`
    <button type="button" class="json-toggle" aria-expanded=${a} aria-label=${h} onClick=${()=>r(!a)}></button>
    ${t!==void 0&&s`<${un} name=${t} />`}
    <span class="json-bracket">${l}</span>
    ${!a&&s`<span class="json-summary">${v}</span><span class="json-bracket">${p}</span>`}
    ${a&&s`
      <ul>
        ${o.slice(0,i).map(([f,k],j)=>s`<${dn} key=${j} name=${f} node=${k} level=${n+1} />`)}
      </ul>
      ${o.length>i&&s`
        <button type="button" class="more" onClick=${()=>c(i+ln*10)}>show more (${u(o.length-i)} left)</button>`}
      <span class="json-bracket json-end">${p}</span>`}`}function dn({name:t,node:e,level:n}){let o=e.kind==="object"||e.kind==="array";if(o&&cn(e).length)return s`<li><${_o} name=${t} node=${e} level=${n} /></li>`;let a=e.kind==="object"?"{}":"[]";return s`
    <li class="json-leaf">
      ${t!==void 0&&s`<${un} name=${t} />`}
      ${o?s`<span class="json-bracket">${a}</span>`:s`<${Po} node=${e} />`}
    </li>`}var bt=({node:t,label:e})=>s`
  <ul class="json" aria-label=${e}><${dn} node=${t} level=${0} /></ul>`;var Io=1e3,pn=123,fe={1e3:"normal",1001:"going away",1002:"protocol error",1003:"unsupported data",1007:"invalid data",1008:"policy violation",1009:"too big",1010:"extension missing",1011:"internal error",1012:"restart",1013:"try again later",1014:"bad gateway"};function jo(t,e){let n=Number(t),o=Object.hasOwn(fe,t)||n>=3e3&&n<=4999;if(!/^\d+$/.test(t)||!o)return"Codes are 1000 to 1003, 1007 to 1014, or 3000 to 4999.";let a=new TextEncoder().encode(e).length;return a>pn?`The reason has ${a} bytes; ${pn} fit into a Close frame.`:null}async function Do(t,e){let{body:n,text:o}=await Et("GET",Ut(t),{signal:e});return{c:n,state:qo(o)}}function qo(t){try{return Ye(Nt(t),"state")??null}catch{return null}}var Lo=t=>t.map((e,n)=>s`${n?", ":""}<a key=${e} href=${y("rooms",e)}><${w} text=${e} most=${60} /></a>`);function Oo(t){return[["Path",s`<${w} text=${t.path} />`],["Route",s`<a href=${y("handlers","",{q:t.route})}><${w} text=${t.route} /></a>`],["Remote",s`${d(t.remote_addr)}${t.tls?", TLS":""}`],["Connected",`${Mt(t.connected_at)}, ${J(t.duration_ms)} ago`],["Last activity",Mt(t.last_activity_at)],["In",`${g(t.messages_received,"message")}, ${D(t.bytes_received)}`],["Out",`${g(t.messages_sent,"message")}, ${D(t.bytes_sent)}`],["Waiting to be sent",u(t.pending_messages)],["Subprotocol",t.subprotocol===null?"none":d(t.subprotocol)],["Rooms",t.rooms.length?Lo(t.rooms):"none"]]}var he=({values:t,none:e})=>{let n=Object.entries(t??{});return n.length?s`<${Rt} rows=${n.map(([o,a])=>[s`<${w} text=${o} most=${60} />`,s`<${w} text=${a} />`])} />`:s`<p class="muted">${e}</p>`};function Bo({id:t,done:e}){let n=H(),[o,a]=$("1000"),[r,i]=$(""),[c,l]=$(!1),[p,v]=$(null),h=jo(o,r);async function f(k){if(k.preventDefault(),!(h||c)){l(!0),v(null);try{await De(Ut(t)+z({code:o,reason:r})),st(`Closed ${t} with ${o}`),e()}catch(j){v(`Not closed: ${j.message}`)}l(!1)}}return s`
    <form class="close-form" onSubmit=${f} noValidate>
      <label for=${`${n}-code`}>Code</label>
      <input id=${`${n}-code`} class="short" inputmode="numeric" autocomplete="off" list=${`${n}-codes`} value=${o}
        aria-invalid=${!!h} aria-describedby=${`${n}-hint`} onInput=${k=>a(k.currentTarget.value.trim())} />
      <datalist id=${`${n}-codes`}>${Object.entries(fe).map(([k,j])=>s`<option key=${k} value=${k}>${j}</option>`)}</datalist>
      <label for=${`${n}-reason`}>Reason</label>
      <input id=${`${n}-reason`} class="grow" autocomplete="off" value=${r} onInput=${k=>i(k.currentTarget.value)} />
      <button type="submit" class="danger" disabled=${c}>Close connection</button>
      <p id=${`${n}-hint`} class=${h||p?"hint bad":"hint"} aria-live="polite">${h??p??fe[o]??"a code of the application"}</p>
    </form>`}function mn({id:t}){let e=Ae.get(t);return s`
    <p class="gone" role="status">${e?`This connection is gone: ${d(e)}.`:"This connection is gone."}</p>`}function Fo({id:t,c:e,state:n,gone:o,refresh:a}){let r=async(i,c)=>{let l=await W(`${Ut(t)}/send`,i,c);return a(),`${g(l.bytes,"byte")} sent`};return s`
    ${o&&s`<${mn} id=${t} />`}
    <${Rt} rows=${Oo(e)} />
    <p class="links"><a href=${y("messages","",{connection:t})}>Messages of this connection</a></p>
    ${!o&&s`
      <${U} title="Send a message"><${mt} send=${r} action="Send" label=${`Message to ${t}`} /><//>
      <${U} title="Close"><${Bo} id=${t} done=${a} /><//>`}
    <${U} title="State">
      ${n&&n.text!=="null"?s`<${bt} node=${n} label="State" />`:s`<p class="muted">This connection keeps no state.</p>`}
    <//>
    <${U} title="Parameters of the path"><${he} values=${e.params} none="The route has none." /><//>
    <${U} title="Query"><${he} values=${e.query} none="The address had none." /><//>
    <${U} title="Headers"><${he} values=${e.headers} none="None were kept." /><//>`}function $n({id:t,onClose:e}){let{data:n,error:o,refresh:a}=Z(i=>Do(t,i),Io,[t]),r=o?.status===404;return s`
    <${ft} title=${s`<span class="mono">${d(t)}</span>`} tools=${s`<${rt} text=${t} what="the id" />`} subject=${t} takeFocus onClose=${e}>
      ${!r&&s`<${Q} error=${o} />`}
      ${n?s`<${Fo} id=${t} c=${n.c} state=${n.state} gone=${r} refresh=${a} />`:r&&s`<${mn} id=${t} />`}
    <//>`}var ct=100,Ho=1e3,zo=[{name:"Id",key:"id",className:"c-id"},{name:"Path",key:"path",className:"c-path"},{name:"Remote",key:"remote_addr",className:"c-remote"},{name:"Age",key:"connected_at",turned:!0,className:"c-age number"},{name:"In",key:"messages_received",className:"c-count number"},{name:"Out",key:"messages_sent",className:"c-count number"},{name:"Rooms",className:"c-rooms"}];function Ko(t){let e=[],n={q:"",path:"",room:""};for(let o of t.trim().split(/\s+/)){let[,a,r]=/^(path|room):(.+)$/.exec(o)??[];a?n[a]=r:o&&e.push(o)}return n.q=e.join(" "),n}function Uo(){let{query:t,item:e}=R.value;return{item:e,q:t.get("q")??"",sort:t.get("sort")??"",page:Math.max(0,Number.parseInt(t.get("page")??"1",10)-1||0)}}var nt=({item:t,q:e,sort:n,page:o})=>["connections",t,{q:e,sort:n,page:o?String(o+1):""}];function Wo({column:t,now:e}){let{name:n,key:o,turned:a,className:r}=t;if(!o)return s`<th scope="col" class=${r}>${n}</th>`;let i=e.sort.replace(/^-/,""),c=e.sort.startsWith("-")!==!!a,l=i===o,v=r.includes("number")&&!a?`-${o}`:o,h=e.sort.startsWith("-")?o:`-${o}`,f=l?h:v;return s`
    <th scope="col" class=${r} aria-sort=${l?c?"descending":"ascending":"none"}>
      <button type="button" onClick=${()=>P(...nt({...e,sort:f,page:0}))}>
        ${n}<span class="arrow" aria-hidden="true">${l?c?"▾":"▴":""}</span>
      </button>
    </th>`}var Yo=({c:t,now:e})=>s`
  <tr class=${t.id===e.item?"selected":""} aria-selected=${t.id===e.item}
      onClick=${n=>{n.target.closest("a")||tt(...nt({...e,item:t.id}))}}>
    <td class="c-id"><a href=${y(...nt({...e,item:t.id}))} data-row=${t.id}>${d(t.id)}</a></td>
    <td class="c-path" title=${d(t.path)}><bdi>${d(t.path)}</bdi></td>
    <td class="c-remote">${d(t.remote_addr)}</td>
    <td class="c-age number">${J(t.duration_ms)}</td>
    <td class="c-count number" title=${D(t.bytes_received)}>${u(t.messages_received)}</td>
    <td class="c-count number" title=${D(t.bytes_sent)}>${u(t.messages_sent)}</td>
    <td class="c-rooms" title=${t.rooms.map(d).join(", ")}><bdi>${t.rooms.map(d).join(", ")}</bdi></td>
  </tr>`;function Vo(t){let e={ArrowDown:1,ArrowUp:-1}[t.key];if(!e||!t.target.dataset?.row)return;let n=[...t.currentTarget.querySelectorAll("a[data-row]")];n[n.indexOf(t.target)+e]?.focus(),t.preventDefault()}function Go({now:t}){return t.q?s`<${T} title="No connection matches this filter.">
      <button type="button" onClick=${()=>P(...nt({...t,q:"",page:0}))}>Clear the filter</button><//>`:s`
    <${T} title="Nobody is connected. To connect from a terminal:">
      <${X} text=${et(O.value,C.value[0]?.path)} /><//>`}function Jo({now:t,total:e}){let n=Math.max(1,Math.ceil(e/ct)),o=t.page*ct,a=r=>P(...nt({...t,page:r}));return s`
    <div class="pager" role="group" aria-label="Pages">
      <span class="muted">${e?`${u(Math.min(o+1,e))}–${u(Math.min(o+ct,e))} of ${u(e)}`:"none"}</span>
      <button type="button" aria-label="Previous page" disabled=${t.page===0} onClick=${()=>a(t.page-1)}>‹</button>
      <button type="button" aria-label="Next page" disabled=${t.page>=n-1} onClick=${()=>a(t.page+1)}>›</button>
    </div>`}function Xo({rows:t,now:e}){return s`
    <div class="table-box scroll">
      <table class="rows connections" aria-label="Connections" onKeyDown=${Vo}>
        <thead><tr>${zo.map(n=>s`<${Wo} key=${n.name} column=${n} now=${e} />`)}</tr></thead>
        <tbody>${t.map(n=>s`<${Yo} key=${n.id} c=${n} now=${e} />`)}</tbody>
      </table>
      ${!t.length&&s`<${Go} now=${e} />`}
    </div>`}function Qo(t){let e=CSS.escape(t.item);tt(...nt({...t,item:""})),requestAnimationFrame(()=>document.querySelector(`a[data-row="${e}"]`)?.focus({preventScroll:!0}))}function hn(){let t=Uo(),e=zt.value,n={...Ko(t.q),sort:t.sort,limit:ct,offset:t.page*ct},o=z(n),{data:a,error:r,refresh:i}=Z(p=>B(`/connections${o}`,p),Ho,[o]),c=N(!0);x(()=>{c.current||i(),c.current=!1},[e]);let l=a?.count??0;return x(()=>{a&&t.page&&t.page*ct>=l&&P(...nt({...t,page:Math.max(0,Math.ceil(l/ct)-1)}))},[l,t.page]),s`
    <div class=${`page split ${t.item?"with-panel":""}`}>
      <div class="main">
        <div class="bar">
          <h1>Connections</h1>
          <input type="search" class="grow" data-filter aria-label="Filter connections" placeholder="Filter: id, path, address, room:name, path:/…"
            value=${t.q} onInput=${p=>P(...nt({...t,q:p.currentTarget.value,page:0}))} />
          <${Jo} now=${t} total=${l} />
        </div>
        <${Q} error=${r} />
        ${a&&s`<${Xo} rows=${a.connections} now=${t} />`}
      </div>
      ${t.item&&s`<${$n} key=${t.item} id=${t.item} onClose=${()=>Qo(t)} />`}
    </div>`}var _=m({path:"",message:""}),gt=m(null);function Zo(t,e){return t.number===e?{tone:"good",word:"answers"}:t.matches?{tone:"",word:e!==null&&t.number>e?"would match, too late":"matches"}:{tone:"idle",word:"no match"}}function ts({rule:t,answeredBy:e}){let{tone:n,word:o}=Zo(t,e);return s`
    <li class=${`try-rule ${n}`} aria-current=${t.number===e?"true":void 0}>
      <span class="number">${t.number}</span>
      <div>
        <p class="try-line"><code><${w} text=${t.pattern} most=${200} /></code><span class="muted">${t.kind}</span>${t.place&&s`<${at} place=${t.place} />`}</p>
        <p class="try-reason"><b>${o}</b>${t.reason?s`: <${w} text=${t.reason} most=${400} />`:""}${t.note?s`<small>${d(t.note)}</small>`:""}</p>
      </div>
    </li>`}function es({text:t}){let e=/^\s*[[{]/.test(t)?Wt(t):null;return s`
    <div class="try-answer">
      <pre class="raw"><${w} text=${t} most=${4e3} multiline /></pre>
      <${rt} text=${t} what="the answer" />
      ${e&&s`<details><summary>As a tree</summary><${bt} node=${e} label="Answer" /></details>`}
    </div>`}function ns({answered_by:t,answers:e,rules:n}){return t!==null?`Rule ${t} answers${e.length?"":" with nothing"}`:e.length?"The handler answers without a rule":n.length?"No rule answers":"This handler has no rules"}function os({answer:t}){let{route:e,answered_by:n,rules:o,answers:a,script:r}=t;return s`
    <div class="try-result">
      <h2 role="status">${ns(t)} <span class="muted">on route <span class="mono">${d(e)}</span></span></h2>
      ${r&&s`<p class="note">This route runs a script. Scripts are not run here, so the real answer may differ.</p>`}
      ${a.length>0&&s`<h3>${a.length===1?"It would send":`It would send ${g(a.length,"message")}`}</h3>`}
      ${a.map((i,c)=>s`<${es} key=${c} text=${i} />`)}
      ${o.length>0&&s`<h3>Rules, in their order</h3>
        <ol class="try-rules">${o.map(i=>s`<${ts} key=${i.number} rule=${i} answeredBy=${n} />`)}</ol>`}
    </div>`}var ss=({error:t})=>s`
  <div class="try-result">
    <p class="failure" role="alert">${d(t)}</p>
    ${C.value.length>0&&s`<p class="muted">Routes: ${C.value.slice(0,20).map((e,n)=>s`${n?", ":""}<button type="button" class="place" key=${n}
      onClick=${()=>{_.value={..._.value,path:_t(e.path)}}}>${d(e.path)}</button>`)}</p>`}
  </div>`;async function rs(){let{path:t,message:e}=_.value;try{let n=await W("/try",JSON.stringify({path:t,message:e}),"application/json");gt.value={path:t,message:e,answer:n}}catch(n){gt.value={error:n.message}}}function as(){let[t,e]=$(!1),n=async l=>{l.preventDefault(),!t&&(e(!0),await rs(),e(!1))},o=l=>{l.key==="Enter"&&(l.ctrlKey||l.metaKey)&&n(l)},a=l=>{_.value={..._.value,...l}},{path:r,message:i}=_.value,c=gt.value?.answer&&(gt.value.path!==r||gt.value.message!==i);return s`
    <form class="try-form" onSubmit=${n}>
      <label for="try-path">Path</label>
      <input id="try-path" class="code" list="try-paths" required spellcheck=${!1} autocomplete="off" placeholder="/chat" value=${r} onInput=${l=>a({path:l.currentTarget.value})} />
      <datalist id="try-paths">${C.value.map((l,p)=>s`<option key=${p} value=${_t(l.path)}>${l.kind}</option>`)}</datalist>
      <label for="try-message">Message</label>
      <textarea id="try-message" class="code" rows="12" spellcheck=${!1} placeholder='{"type": "ping"}' value=${i}
        onInput=${l=>a({message:l.currentTarget.value})} onKeyDown=${o}></textarea>
      <div class="actions">
        <button type="submit" class="primary" disabled=${t}>Try</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span class="muted">${c?"Changed since the result was made.":"Nothing is sent to anybody."}</span>
      </div>
    </form>`}function fn(){x(()=>{G().then(()=>{let[e]=C.value;!_.value.path&&e&&(_.value={..._.value,path:_t(e.path)})},()=>{})},[]);let t=gt.value;return s`
    <div class="page main">
      <div class="bar"><h1>Try a message</h1></div>
      <div class="try scroll">
        <${as} />
        <div>
          ${!t&&s`<${T} title="Choose a path, paste a message and press Try."><p class="muted">You see which rule would answer, why each other one would not, and what would be sent.</p><//>`}
          ${t?.error&&s`<${ss} error=${t.error} />`}
          ${t?.answer&&s`<${os} answer=${t.answer} />`}
        </div>
      </div>
    </div>`}var is=2e3,bn=(t,e)=>t&&e?`${t.replace(/:\d+(:\d+)?$/,"")}:${e}`:null;function gn(t){return[t.when&&"only when its condition holds",t.answers===0?"no answer":t.answers>1&&`${u(t.answers)} answers`,t.continue&&"goes on to the next rules"].filter(Boolean).join(", ")}var ls=({rule:t,place:e})=>s`
  <tr class=${t.hits?"":"idle"}>
    <td class="number r-number">${t.number}</td>
    <td class="r-pattern"><code><${w} text=${t.pattern} most=${200} /></code>${gn(t)&&s`<small>${gn(t)}</small>`}</td>
    <td class="r-kind">${t.kind}</td>
    <td class="r-place">${bn(e,t.line)&&s`<${at} place=${bn(e,t.line)} />`}</td>
    <td class="number r-hits">${u(t.hits)}</td>
  </tr>`,cs=({h:t})=>s`
  <table class="rows rules" aria-label=${`Rules of ${t.path}`}>
    <thead><tr><th scope="col" class="number r-number">#</th><th scope="col" class="r-pattern">Pattern</th><th scope="col" class="r-kind">Kind</th>
      <th scope="col" class="r-place">Place</th><th scope="col" class="number r-hits">Hits</th></tr></thead>
    <tbody>${t.rules.map(e=>s`<${ls} key=${e.number} rule=${e} place=${t.place} />`)}</tbody>
  </table>`,us=({kind:t,interval_ms:e,sent:n})=>`${t==="broadcast"?"Broadcast to all":"To each connection"} every ${qe(e)}: ${u(n)} sent`,ds=({h:t})=>s`
  <article class="handler">
    <header>
      <h2><bdi>${d(t.path)}</bdi></h2>
      <span class="muted">${d(t.kind)}${t.host?`, host ${d(t.host)}`:""}</span>
      <${at} place=${t.place} />
      <span class="spacer"></span>
      <a href=${y("connections","",{q:`path:${t.path}`})}>${g(t.connections,"connection")}</a>
      <a href=${y("try")} onClick=${()=>{_.value={..._.value,path:t.path}}}>Try a message</a>
    </header>
    ${t.rules.length?s`<${cs} h=${t} />`:s`<p class="muted">No rules.</p>`}
    ${t.timers.length>0&&s`<ul class="timers">${t.timers.map((e,n)=>s`<li key=${n}>${us(e)}</li>`)}</ul>`}
    ${t.notes.map((e,n)=>s`<p class="note" key=${n}><${w} text=${e} most=${400} /></p>`)}
  </article>`,ps=(t,e)=>!e||[t.path,t.kind,t.place,t.host??"",...t.rules.map(n=>n.pattern)].some(n=>n.toLowerCase().includes(e));function vn(){let{data:t,error:e}=Z(G,is,[]),n=R.value.query.get("q")??"",o=t?.handlers??C.value,a=o.filter(r=>ps(r,n.trim().toLowerCase()));return s`
    <div class="page main">
      <div class="bar">
        <h1>Handlers</h1>
        <input type="search" class="grow" data-filter aria-label="Filter handlers" placeholder="Filter: path, kind, file, pattern"
          value=${n} onInput=${r=>P("handlers","",{q:r.currentTarget.value})} />
        <span class="muted">${n?`${u(a.length)} of ${u(o.length)}`:g(o.length,"handler")}</span>
      </div>
      <div class="scroll list">
        <${Q} error=${e} />
        ${a.map((r,i)=>s`<${ds} key=${`${r.host} ${r.path} ${i}`} h=${r} />`)}
        ${t&&!a.length&&(o.length?s`<${T} title="No handler matches this filter."><button type="button" onClick=${()=>P("handlers")}>Clear the filter</button><//>`:s`<${T} title="The files define no WebSocket routes. Add one, save, and press Reload."><pre class="raw">${ms}</pre><//>`)}
      </div>
    </div>`}var ms=`- websocket:
    path: /chat
    on-message:
      - pattern: ping
        response: pong`;var yn=t=>(t.text??t.base64??"").length,It=class t{constructor(e=[]){this.items=e,this.head=0}get length(){return this.items.length-this.head}at(e){return this.items[this.head+e]}push(e){this.items.push(e)}shift(){let e=this.items[this.head];return this.items[this.head]=void 0,this.head+=1,this.head>1024&&this.head*2>this.items.length&&(this.items=this.items.slice(this.head),this.head=0),e}copy(){return new t(this.items.slice(this.head))}clear(){this.items=[],this.head=0}},jt=class{constructor(e=2e4,n=48e6){this.capacity=e,this.capacityChars=n,this.fifo=new It,this.chars=0,this.next=0,this.dropped=0}get first(){return this.next-this.fifo.length}push(e){for(e.n=this.next,this.next+=1,this.chars+=yn(e),this.fifo.push(e);this.fifo.length>this.capacity||this.chars>this.capacityChars&&this.fifo.length>1;)this.chars-=yn(this.fifo.shift()),this.dropped+=1}clear(){this.fifo.clear(),this.chars=0,this.dropped=0}},$s=()=>new Promise(t=>{setTimeout(t,0)}),xn=()=>!0,Xt=class{constructor(e){this.log=e,this.test=xn,this.fifo=new It,this.seen=e.next,this.run=0,this.building=!1}get length(){return this.fifo.length}at(e){return this.fifo.at(e)}update(){if(this.building)return 0;let{log:e}=this;for(let n=Math.max(this.seen,e.first);n<e.next;n+=1){let o=e.fifo.at(n-e.first);this.test(o)&&this.fifo.push(o)}return this.seen=e.next,wn(this.fifo,e.first)}async rebuild(e,n=this.log){this.run+=1;let o=this.run;this.building=!0,this.log=n,this.test=e;let a=new It,r=n.first;for(;r<n.next;){let i=performance.now()+6;if(r=hs(n,r,e,a,i),r>=n.next)break;if(await $s(),o!==this.run)return!1}return wn(a,n.first),this.fifo=a,this.seen=r,this.building=!1,!0}};function hs(t,e,n,o,a){let r=Math.max(e,t.first);for(;r<t.next;){let i=t.fifo.at(r-t.first);if(n(i)&&o.push(i),r+=1,r%32===0&&performance.now()>a)break}return r}function wn(t,e){let n=0;for(;t.length&&t.at(0).n<e;)t.shift(),n+=1;return n}var fs=t=>t.replace(/[.*+?^${}()|[\]\\]/g,"\\$&");function kn({direction:t,path:e,connection:n,text:o}){let a=o?new RegExp(fs(o),"i"):null;return!t&&!e&&!n&&!a?xn:r=>(!t||r.direction===t)&&(!e||r.path.includes(e))&&(!n||r.connection===n)&&(!a||a.test(r.text??""))}function Sn(t){let e=new jt(t.capacity,t.capacityChars);return e.fifo=t.fifo.copy(),e.next=t.next,e}var I=new jt,ee=m(0),qt=m(0),yt=m(null),Dt=new Set,bs=200,Zt=!1,te=0,be=0,vt=null,Qt=!1;function gs(){if(Qt)return;Qt=!0;let t=()=>{Qt&&(Qt=!1,ee.value+=1)};requestAnimationFrame(t),setTimeout(t,200)}function ge(t){if(vt){vt.push(t);return}for(let e of t)e.seq<=te||(te=e.seq,Dt.size<bs&&Dt.add(e.path),I.push(e));gs()}async function Cn(){if(vt)return;vt=[];let t=[];try{t=(await B(`/messages${z({limit:1e3,after:te||"",...yt.value})}`)).messages}catch{}let e=vt;vt=null,ge(t);for(let n of e)ge(n)}function ve(){nn({type:"filter",messages:!0,path:null,direction:null,connection:null,...yt.value})}Jt((t,e)=>{let n=t.stats?.uptime_ms??be;n<be&&(te=0),be=n,Zt&&(e&&(ve(),Cn()),t.dropped&&(qt.value+=t.dropped),t.messages?.length&&ge(t.messages))});function Tn(){Zt||(Zt=!0,E.value.kind==="live"&&(ve(),Cn()))}function ye(t){yt.value=t,Zt&&ve()}function En(){I.clear(),qt.value=0,ee.value+=1}var Mn=6;function Nn(t,e,n,o,a){let r=N(null),i=N({top:0,height:0}),[c,l]=$(0),[p,v]=$(0);x(()=>{let b=new ResizeObserver(()=>v(r.current?.clientHeight??0));return b.observe(r.current),()=>b.disconnect()},[]),Te(()=>{let b=r.current;b&&(o?b.scrollTop=b.scrollHeight:n.current&&(b.scrollTop-=n.current*t),n.current=0,i.current={top:b.scrollTop,height:b.scrollHeight},!o&&b.scrollTop!==c&&l(b.scrollTop))});let h=()=>{let b=r.current,V=i.current,Ft=b.scrollHeight-b.clientHeight,S=b.scrollTop<V.top-1&&b.scrollHeight>=V.height;i.current={top:b.scrollTop,height:b.scrollHeight},!(o&&!S)&&(S&&o&&b.scrollTop<Ft-1?a(!1):!o&&!S&&b.scrollTop>=Ft-1&&a(!0),l(b.scrollTop))},f=b=>{let V=r.current;b.deltaY>=0||V.scrollHeight<=V.clientHeight||(l(V.scrollTop),a(!1))},k=o?Math.max(0,e*t-p):c,j=Math.max(0,Math.min(e,Math.floor(k/t))-Mn),Ct=Math.min(e,Math.ceil((k+p)/t)+Mn);return{box:r,from:j,to:Ct,onScroll:h,onWheel:f}}function An(t,e,n){let o=e*n;o<t.scrollTop?t.scrollTop=o:o+n>t.scrollTop+t.clientHeight&&(t.scrollTop=o+n-t.clientHeight)}var Rn=({length:t,from:e,rowHeight:n,children:o})=>s`
  <div class="sizer" style=${{height:`${t*n}px`}}>
    <div class="slice" style=${{transform:`translateY(${e*n}px)`}}>${o}</div>
  </div>`;var vs=2e6,Lt=m(!1),ys=t=>[["Time",s`<span title=${t.at}>${Mt(t.at)}</span>`],["Direction",t.direction==="in"?"in, from the client":"out, to the client"],["Connection",s`<a href=${y("connections",t.connection)}>${d(t.connection)}</a>`],["Path",s`<${w} text=${t.path} />`],["Size",`${t.kind}, ${t.bytes<1024?g(t.bytes,"byte"):`${D(t.bytes)} (${u(t.bytes)} bytes)`}`],["Number",u(t.seq)]],ws=({m:t})=>t.cut&&s`
  <p class="hint">The server keeps the beginning of long messages; this one has ${g(t.bytes,"byte")}.</p>`;function xs(t){try{return Fe(t)}catch{return"(not readable)"}}var ks=({m:t})=>s`<pre class="raw">${xs(t.base64??"")}</pre>`,Ss=()=>s`
  <fieldset class="choices">
    <legend class="visually-hidden">View</legend>
    <label><input type="radio" name="view" checked=${!Lt.value} onChange=${()=>{Lt.value=!1}} />Tree</label>
    <label><input type="radio" name="view" checked=${Lt.value} onChange=${()=>{Lt.value=!0}} />Raw</label>
  </fieldset>`;function Cs({m:t}){let e=t.text??"",n=!t.cut&&e.length<vs&&/^\s*[[{]/.test(e)?Wt(e):null;return s`
    ${n&&s`<${Ss} />`}
    ${n&&!Lt.value?s`<${bt} node=${n} label="Message" />`:s`<pre class="raw"><${w} text=${e} most=${8192} multiline /></pre>`}`}function Ts(t){_.value={path:t.path,message:t.text??""},tt("try")}function Pn({message:t,onClose:e}){return s`
    <${ft} title="Message" subject=${t.n} onClose=${e}>
      <${Rt} rows=${ys(t)} />
      <div class="actions">
        <${rt} text=${t.text??t.base64??""} label=${t.kind==="binary"?"Copy as base64":"Copy text"} what="the message" />
        ${t.kind==="text"&&!t.cut&&s`<button type="button" onClick=${()=>Ts(t)}>Try it</button>`}
      </div>
      <${ws} m=${t} />
      <div key=${t.n}>${t.kind==="binary"?s`<${ks} m=${t} />`:s`<${Cs} m=${t} />`}</div>
    <//>`}var Ot=24,_n=400,Ms=120,F=new Xt(I),Bt=m(0),we={current:0},L=m({direction:"",path:"",connection:"",text:""}),q=m(null),xt=m(!0),M=m(null);async function xe(t=q.value?.log??I){await F.rebuild(kn(L.value),t)&&(Bt.value+=1)}ee.subscribe(()=>{if(q.value){Bt.value+=1;return}I.first===I.next&&(we.current=0),we.current+=F.update(),Bt.value+=1});function jn(t){q.value=t?{at:I.next,log:Sn(I)}:null,t||(xt.value=!0),xe()}var In=0;function wt(t){L.value={...L.value,...t},clearTimeout(In),In=setTimeout(()=>xe(),Ms),yt.value&&ye(Dn());let{connection:e}=L.value;(R.value.query.get("connection")??"")!==e&&P("messages","",{connection:e})}function Dn(){let{direction:t,path:e,connection:n}=L.value;return{direction:t||null,path:Dt.has(e)?e:null,connection:n||null}}function Ns(){En(),M.value=null,q.value?jn(!1):xe()}var As=[["","Both"],["in","In"],["out","Out"]],Rs=()=>s`
  <fieldset class="choices">
    <legend class="visually-hidden">Direction</legend>
    ${As.map(([t,e])=>s`
      <label key=${t}><input type="radio" name="direction" value=${t} checked=${L.value.direction===t}
        onChange=${()=>wt({direction:t})} />${e}</label>`)}
  </fieldset>`,Ps=()=>s`
  <div class="bar">
    <h1>Messages</h1>
    <button type="button" class="pause" aria-pressed=${!!q.value} onClick=${()=>jn(!q.value)}>${q.value?"Resume":"Pause"}</button>
    <button type="button" onClick=${Ns}>Clear</button>
    <${Rs} />
    <input type="search" class="path-filter" list="message-paths" aria-label="Filter by path" placeholder="Path" autocomplete="off"
      value=${L.value.path} onInput=${t=>wt({path:t.currentTarget.value.trim()})} />
    <datalist id="message-paths">${[...Dt].map(t=>s`<option key=${t} value=${t} />`)}</datalist>
    <input type="search" class="grow" data-filter aria-label="Search in messages" placeholder="Search text" autocomplete="off"
      value=${L.value.text} onInput=${t=>wt({text:t.currentTarget.value})} />
    ${L.value.connection&&s`
      <button type="button" class="chip" aria-label=${`Show all connections, not only ${L.value.connection}`} onClick=${()=>wt({connection:""})}>
        <span class="mono">${d(L.value.connection)}</span> ×</button>`}
  </div>`;function _s(t){if(t.kind==="binary")return He(t.base64??"");let e=t.text??"";return d(e.length>_n?e.slice(0,_n):e)}var qn=t=>`m-${t.n}`;function Is({message:t,index:e}){let n=M.value===t;return s`
    <div role="row" class=${`log-row ${t.direction} ${n?"selected":""}`} id=${qn(t)} data-index=${e}
      aria-rowindex=${e+2} aria-selected=${n}>
      <span role="gridcell" class="l-time">${pt(t.at,!1)}<span class="ms">${pt(t.at).slice(8)}</span></span>
      <span role="gridcell" class="l-dir">${t.direction}</span>
      <span role="gridcell" class="l-conn">${d(t.connection)}</span>
      <span role="gridcell" class="l-path"><bdi>${d(t.path)}</bdi></span>
      <span role="gridcell" class="l-size number">${D(t.bytes)}</span>
      <span role="gridcell" class=${`l-text ${t.kind}`}><bdi>${_s(t)}</bdi></span>
    </div>`}var js=[["l-time","Time"],["l-dir","Dir"],["l-conn","Connection"],["l-path","Path"],["l-size number","Size"],["l-text","Message"]],Ds=()=>s`
  <div role="row" class="log-row log-head" aria-rowindex="1">
    ${js.map(([t,e])=>s`<span key=${e} role="columnheader" class=${t}>${e}</span>`)}
  </div>`;function Ln(t){let e=0,n=F.length-1;for(;e<=n;){let o=e+n>>1,a=F.at(o).n;if(a===t.n)return o;a<t.n?e=o+1:n=o-1}return-1}var qs={ArrowDown:t=>t+1,ArrowUp:t=>t-1,PageDown:(t,e)=>t+e,PageUp:(t,e)=>t-e,Home:()=>0,End:()=>1/0};function On(t,e){let n=F.length-1;if(n<0)return;let o=Math.max(0,Math.min(n,e));xt.value=e===1/0,M.value=F.at(o),An(t,o,Ot)}function Ls(t,e){if(t.key==="Escape"&&M.value){M.value=null,t.preventDefault();return}if(t.key==="Enter"&&M.value){document.querySelector(".panel h2")?.focus(),t.preventDefault();return}let n=qs[t.key];if(!n)return;t.preventDefault();let o=M.value?Ln(M.value):-1,a=Math.max(1,Math.floor(e.clientHeight/Ot)-1),r=o<0?t.key==="ArrowUp"?F.length:Math.floor(e.scrollTop/Ot)-1:o;On(e,n(r,a))}function Os(){let{direction:t,path:e,connection:n,text:o}=L.value;return I.fifo.length&&(t||e||n||o)?s`<${T} title="No recorded message matches these filters.">
      <button type="button" onClick=${()=>wt({direction:"",path:"",connection:"",text:""})}>Clear the filters</button><//>`:s`
    <${T} title="No messages yet. Recording since this page was opened; to send one from a terminal:">
      <${X} text=${et(O.value,C.value[0]?.path)} /><//>`}function Bs(){let t=Bt.value,e=F.length,{box:n,from:o,to:a,onScroll:r,onWheel:i}=Nn(Ot,e,we,xt.value,h=>{xt.value=h}),c=[];for(let h=o;h<a;h+=1){let f=F.at(h);c.push(s`<${Is} key=${f.n} message=${f} index=${h} selected=${M.value===f} />`)}let l=M.value&&Ln(M.value),p=l!==null&&l>=o&&l<a,v=h=>{let f=h.target.closest("[data-index]");!f||String(getSelection())||On(n.current,Number(f.dataset.index))};return s`
    <div class="log" role="grid" aria-label="Messages" aria-rowcount=${e+1} data-version=${t}>
      <${Ds} />
      <div class="log-box scroll" ref=${n} role="rowgroup" tabindex="0" aria-label="Messages, newest last"
        aria-activedescendant=${p?qn(M.value):void 0}
        onScroll=${r} onWheel=${i} onClick=${v} onKeyDown=${h=>Ls(h,n.current)}>
        <${Rn} length=${e} from=${o} rowHeight=${Ot}>${c}<//>
        ${!e&&!F.building&&s`<${Os} />`}
      </div>
    </div>`}function Fs(){let t=Bt.value,e=q.value?I.next-q.value.at:0,n=q.value?q.value.log.fifo.length:I.fifo.length,o=[`${u(F.length)} shown of ${u(n)} kept (at most ${u(2e4)})`];return I.dropped&&o.push(`${u(I.dropped)} older dropped`),qt.value&&o.push(`${u(qt.value)} left out by the server, too fast`),s`
    <div class="foot" data-version=${t}>
      <span class="foot-text">${o.join(" · ")}</span>
      <label class="check" title="The server then sends only what direction, path and connection let through">
        <input type="checkbox" checked=${!!yt.value} onChange=${a=>ye(a.currentTarget.checked?Dn():null)} />
        Record only what is shown</label>
      <span class="foot-state">
        ${q.value&&s`<b>Paused</b>, ${u(e)} waiting`}
        ${!q.value&&(xt.value?"Following the newest":s`<button type="button" class="chip" onClick=${()=>{xt.value=!0}}>Follow the newest</button>`)}
      </span>
    </div>`}function Hs(){M.value=null,document.querySelector(".log-box")?.focus({preventScroll:!0})}function Bn(){let t=R.value.query.get("connection")??"",e=N(null);return x(Tn,[]),x(()=>{e.current!==t&&L.value.connection!==t&&(t||e.current!==null)&&wt({connection:t}),e.current=t},[t]),s`
    <div class=${`page split ${M.value?"with-panel":""}`}>
      <div class="main">
        <${Ps} />
        <${Bs} />
        <${Fs} />
      </div>
      ${M.value&&s`<${Pn} message=${M.value} onClose=${Hs} />`}
    </div>`}var Hn=["system","light","dark"],Fn="sockeye.theme",kt=m(document.documentElement.dataset.theme??"system");function zn(t){t==="system"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=t;try{t==="system"?localStorage.removeItem(Fn):localStorage.setItem(Fn,t)}catch{}kt.value=t}var zs=t=>Object.values(t??{}).reduce((e,n)=>e+n,0),St=({name:t,value:e,note:n,tone:o=""})=>s`
  <div class=${`figure ${o}`}><dt>${t}</dt><dd>${e}${n&&s`<small>${n}</small>`}</dd></div>`;function Ks({now:t}){let e=zs(t?.errors),n=t?.connections.rejected??0;return s`
    <dl class="figures">
      <${St} name="Active connections" value=${u(t?.connections.active)} note=${`${u(t?.connections.total)} in total`} />
      <${St} name="Rejected" value=${u(n)} note="handshakes" tone=${n?"warn":""} />
      <${St} name="Messages in" value=${K(ot.value.received)} note=${`per s, ${u(t?.messages.received)} in total`} />
      <${St} name="Messages out" value=${K(ot.value.sent)} note=${`per s, ${u(t?.messages.sent)} in total`} />
      <${St} name="Unanswered" value=${u(t?.unanswered)} note="no rule matched" />
      <${St} name="Errors" value=${u(e)} note=${e?"of the kinds below":"none so far"} tone=${e?"bad":""} />
    </dl>`}var Us={messages:[{colour:"--in"},{colour:"--out",dash:[6,3]}],connections:[{colour:"--accent"}]},Kn=t=>t==="messages"?[ut.time,ut.received,ut.sent]:[ut.time,ut.active];function Un({which:t,label:e}){let n=N(null);return x(()=>{let o=null,a=!1,r=[];import("./chart-B5ABXDPT.js").then(({draw:l})=>{a||!n.current||(o=l(n.current,Us[t],Kn(t)),r=[Tt(()=>{Ee.value&&o.set(Kn(t))}),Tt(()=>{kt.value&&o.repaint()})])});let i=matchMedia("(prefers-color-scheme: dark)"),c=()=>o?.repaint();return i.addEventListener("change",c),()=>{a=!0,r.forEach(l=>l()),i.removeEventListener("change",c),o?.destroy()}},[]),s`<div class="chart" role="img" aria-label=${e} ref=${n}></div>`}var ke=({tone:t,name:e,value:n})=>s`<span class=${`key ${t}`}><i></i>${e} <b>${n}</b></span>`;function Ws({now:t}){let{received:e,sent:n}=ot.value,o=u(t?.connections.active);return s`
    <div class="charts">
      <section>
        <header><h2>Messages per second</h2><${ke} tone="in" name="in" value=${K(e)} /><${ke} tone="out" name="out" value=${K(n)} /></header>
        <${Un} which="messages" label=${`Messages per second over five minutes; now ${K(e)} in, ${K(n)} out`} />
      </section>
      <section>
        <header><h2>Connections</h2><${ke} tone="accent" name="active" value=${o} /></header>
        <${Un} which="connections" label=${`Connections over five minutes; now ${o}`} />
      </section>
    </div>`}var Ys=t=>t.replaceAll("_"," ");function Vs({errors:t}){let e=Object.entries(t??{}).sort((n,o)=>o[1]-n[1]);return s`
    <section>
      <h2>Errors by kind</h2>
      ${e.length?s`<table class="plain"><tbody>${e.map(([n,o])=>s`
            <tr key=${n} class=${o?"":"idle"}><th scope="row">${Ys(n)}</th><td class="number">${u(o)}</td></tr>`)}</tbody></table>`:s`<p class="muted">The server reports no kinds of errors.</p>`}
    </section>`}function Gs({now:t}){let e=[["Version",t?.version??"–"],["Up for",J(t?.uptime_ms)],["Files loaded",t?`${u(t.generation)} ${t.generation===1?"time":"times"}`:"–"],["Rooms",s`<a href=${y("rooms")}>${u(t?.rooms)}</a>`],["Bytes in",D(t?.bytes.received)],["Bytes out",D(t?.bytes.sent)]];return s`
    <section>
      <h2>Server</h2>
      <table class="plain"><tbody>${e.map(([n,o])=>s`
        <tr key=${n}><th scope="row">${n}</th><td class="number">${o}</td></tr>`)}</tbody></table>
    </section>`}function Wn(){let t=O.value,e=t&&t.connections.total===0;return s`
    <div class="page scroll">
      <h1 class="visually-hidden">Overview</h1>
      <${Ks} now=${t} />
      ${e&&s`
        <${T} title="Nobody has connected yet. To be the first:"><${X} text=${et(t)} /><//>`}
      <${Ws} now=${t} />
      <div class="columns"><${Vs} errors=${t?.errors} /><${Gs} now=${t} /></div>
    </div>`}var Js=2e3,ne=200,Xs=t=>[...t].sort((e,n)=>n.size-e.size||e.name.localeCompare(n.name)),Qs=({room:t,selected:e,params:n})=>s`
  <tr class=${e?"selected":""} aria-selected=${e}
      onClick=${o=>{o.target.closest("a")||tt("rooms",t.name,n)}}>
    <td class="room-name"><a href=${y("rooms",t.name,n)} title=${d(t.name)}><bdi>${d(t.name)}</bdi></a></td>
    <td class="number room-size">${u(t.size)}</td>
    <td class="room-members"><bdi>${t.members.slice(0,8).map(d).join(", ")}${t.members.length>8?" …":""}</bdi></td>
  </tr>`,Zs=({rooms:t,item:e,params:n})=>{let[o,a]=$(ne);return s`
    <table class="rows rooms" aria-label="Rooms">
      <thead><tr><th scope="col" class="room-name">Room</th><th scope="col" class="number room-size">Members</th><th scope="col" class="room-members">Who</th></tr></thead>
      <tbody>${t.slice(0,o).map(r=>s`<${Qs} key=${r.name} room=${r} selected=${r.name===e} params=${n} />`)}</tbody>
    </table>
    ${t.length>o&&s`<button type="button" class="more" onClick=${()=>a(o+ne)}>show more (${u(t.length-o)} left)</button>`}`};function tr({room:t}){let[e,n]=$(ne);return s`
    <ul class="members">${t.members.slice(0,e).map(o=>s`<li key=${o}><a href=${y("connections",o)}>${d(o)}</a></li>`)}</ul>
    ${t.members.length>e&&s`<button type="button" class="more" onClick=${()=>n(e+ne)}>show more (${u(t.members.length-e)} left)</button>`}`}function er({name:t,room:e,onClose:n}){let o=async(a,r)=>{let{delivered:i}=await W(`/broadcast${z({room:t})}`,a,r);return i?`Delivered to ${g(i,"connection")}`:"Nobody is in this room any more"};return s`
    <${ft} title=${s`<bdi>${d(t)}</bdi>`} subject=${t} takeFocus onClose=${n}>
      ${!e&&s`<p class="gone" role="status">Nobody is in this room any more.</p>`}
      <${U} title="Broadcast to this room"><${mt} send=${o} action="Broadcast" label=${`Message to room ${t}`} /><//>
      ${e&&s`<${U} title=${g(e.size,"member")}><${tr} room=${e} /><//>`}
      ${e&&s`<p class="links"><a href=${y("connections","",{q:/\s/.test(t)?"":`room:${t}`})}>Show them as connections</a></p>`}
    <//>`}function nr({words:t}){return t?s`<${T} title="No room matches this filter."><button type="button" onClick=${()=>P("rooms")}>Clear the filter</button><//>`:s`
    <${T} title="There are no rooms. A room exists while a connection is in it; handlers put connections into rooms when they join. To connect:">
      <${X} text=${et(O.value,(C.value.find(e=>e.kind.includes("room"))??C.value[0])?.path)} /><//>`}function or(t,e){tt("rooms","",e),requestAnimationFrame(()=>document.querySelector(`a[href="${CSS.escape(y("rooms",t,e))}"]`)?.focus({preventScroll:!0}))}function Yn(){let{data:t,error:e}=Z(l=>B("/rooms",l),Js,[]),{item:n,query:o}=R.value,a=o.get("q")??"",r={q:a},i=Xs(t?.rooms??[]),c=i.filter(l=>l.name.toLowerCase().includes(a.trim().toLowerCase()));return s`
    <div class=${`page split ${n?"with-panel":""}`}>
      <div class="main">
        <div class="bar">
          <h1>Rooms</h1>
          <input type="search" class="grow" data-filter aria-label="Filter rooms" placeholder="Filter: name" value=${a}
            onInput=${l=>P("rooms",n,{q:l.currentTarget.value})} />
          <span class="muted">${t?a?`${u(c.length)} of ${u(i.length)}`:g(i.length,"room"):""}</span>
        </div>
        <${Q} error=${e} />
        <div class="table-box scroll">
          ${c.length>0&&s`<${Zs} rooms=${c} item=${n} params=${r} />`}
          ${t&&!c.length&&s`<${nr} words=${a} />`}
        </div>
      </div>
      ${n&&s`<${er} key=${n} name=${n} room=${i.find(l=>l.name===n)} onClose=${()=>or(n,r)} />`}
    </div>`}var Gn={overview:["Overview",Wn],connections:["Connections",hn],messages:["Messages",Bn],handlers:["Handlers",vn],rooms:["Rooms",Yn],try:["Try",fn]},sr=()=>s`
  <nav aria-label="Pages">
    ${Object.entries(Gn).map(([t,[e]])=>s`
      <a key=${t} href=${y(t)} aria-current=${R.value.page===t?"page":void 0}>${e}</a>`)}
  </nav>`,rr=()=>s`
  <select aria-label="Theme" title="Theme" value=${kt.value} onChange=${t=>zn(t.currentTarget.value)}>
    ${Hn.map(t=>s`<option key=${t} value=${t} selected=${kt.value===t}>${t[0].toUpperCase()+t.slice(1)}</option>`)}
  </select>`;function ar(){let t=O.value;if(!t)return s`<span class="status-text">Connected</span>`;let e=[`sockeye ${t.version}`,`up ${J(t.uptime_ms)}`,`${u(t.connections.active)} connected`,`${K(ot.value.received)} in/s`,`${K(ot.value.sent)} out/s`];return s`<span class="status-text"><b>Live</b>${e.map((n,o)=>s`<span key=${o}>${d(n)}</span>`)}</span>`}function ir(){let[,t]=$(0);x(()=>{let i=setInterval(()=>t(c=>c+1),500);return()=>clearInterval(i)},[]);let{retryAt:e,since:n,kind:o}=E.value,a=Math.max(0,Math.ceil((e-Date.now())/1e3)),r=o==="connecting"?"trying now":`next try in ${a} s`;return s`
    <span class="status-text"><b role="alert">Disconnected</b><span>what you see is from ${pt(new Date(n),!1)}</span><span>${r}</span></span>
    <button type="button" onClick=${ht}>Try now</button>`}function lr(){let{kind:t,since:e}=E.value;return A.value?s`<div class="status down"><span class="status-text"><b>Token needed</b></span>
      <button type="button" onClick=${()=>{A.value={...A.value,shut:!1}}}>Enter token</button></div>`:t==="live"?s`<div class="status"><${ar} /></div>`:e?s`<div class="status down"><${ir} /></div>`:s`<div class="status"><span class="status-text">Connecting</span></div>`}function cr(t){if(t.key!=="/"||t.ctrlKey||t.metaKey||t.altKey||t.target.closest("input, textarea, select, dialog"))return;let e=document.querySelector("[data-filter]");e&&(t.preventDefault(),e.focus(),e.select())}function ur(t){t.preventDefault(),document.getElementById("content").focus()}var Vn=m("");function dr(){let{page:t}=R.value,[e,n]=Gn[t];return x(()=>{document.title=`${e} – sockeye`,Vn.value=e},[e]),s`
    <a class="skip" href="#content" onClick=${ur}>Skip to the content</a>
    <header class="top">
      <a class="brand" href=${y("overview")} aria-label="sockeye, overview">sockeye</a>
      <${sr} />
      <div class="tools"><${Ze} /><${Qe} /><${rr} /></div>
    </header>
    <${lr} />
    <main id="content" tabindex="-1"><${n} key=${t} /></main>
    <p class="visually-hidden" aria-live="polite">${Vn.value}</p>
    <${Je} />
    <${tn} />`}var Jn=document.getElementById("app");Jn.replaceChildren();Ce(s`<${dr} />`,Jn);document.addEventListener("keydown",cr);Jt((t,e)=>{e&&G().catch(()=>{})});rn();
