import{a as s,b as Ce,c as At,d as g,e as le,f as oe,g as X,h as T,i as Q,j as Te,k as Pt,l as It,m as jt,n as ce,o as ue,p as H}from"./chunk-DBVPWGF5.js";import{b as q,c as U,d as ot,e as rt,f as Lt,g as Be,h as qt,i as Ot,j as Dt,k as He}from"./chunk-DVNH5RDQ.js";import{b as Tt,c as m,d as x,e as Et,f as j,g as V,j as p,k as xe,l as c,m as De,n as f,o as G,p as L,q as J,r as Mt,s as W,t as st,u as Se,v as d,x as _t,y as Rt,z as Nt}from"./chunk-ARN7RS6R.js";var Bt="sockeye.token",at="",M=p(null),it=null;function Fe(){try{return sessionStorage.getItem(Bt)??at}catch{return at}}function Yn(e){at=e;try{sessionStorage.setItem(Bt,e)}catch{}}function Ht(e){return e!==Fe()?Promise.resolve():(it??=new Promise(t=>{M.value={refused:e!=="",resolve:t}}),it)}function Ft(e){Yn(e);let{resolve:t}=M.value;M.value=null,it=null,t()}function zt(){let e=new TextEncoder().encode(Fe());return e.length?["sockeye.events",`sockeye.token.${btoa(String.fromCharCode(...e)).replaceAll("+","-").replaceAll("/","_").replace(/=+$/,"")}`]:["sockeye.events"]}var lt="/__mockforge/ws",Vn=1e4,de=class extends Error{constructor(t,n,o){super(t),this.status=n,this.body=o}},Gn=(e,t)=>typeof e?.error=="string"?e.error:`the server answered with status ${t}`;async function Jn(e,t,{body:n,type:o,signal:r}){let a={},i=Fe();i&&(a.Authorization=`Bearer ${i}`),o&&(a["Content-Type"]=o);let u=AbortSignal.timeout(Vn),l,b;try{l=await fetch(lt+t,{method:e,headers:a,body:n,cache:"no-store",signal:r?AbortSignal.any([r,u]):u}),b=await l.text()}catch($){throw r?.aborted?$:u.aborted?new de("the server did not answer within 10 s",0):new de("the server cannot be reached; is sockeye still running?",0)}return{response:l,text:b,used:i}}async function Ee(e,t,n={}){for(;;){let{response:o,text:r,used:a}=await Jn(e,t,n);if(o.status===401){await Ht(a);continue}let i=null;try{i=JSON.parse(r)}catch{if(o.ok)throw new de("the server answered with something that is not JSON",o.status)}if(!o.ok)throw new de(Gn(i,o.status),o.status,i);return{body:i,text:r}}}var B=async(e,t)=>(await Ee("GET",e,{signal:t})).body,Y=async(e,t,n)=>(await Ee("POST",e,{body:t,type:n})).body,Kt=async e=>(await Ee("DELETE",e)).body;function F(e){let t=Object.entries(e).filter(([,n])=>n!==""&&n!==null&&n!==void 0);return t.length?`?${new URLSearchParams(t)}`:""}var ze=e=>`/connections/${encodeURIComponent(e)}`;var S=p([]);async function Z(e){let t=await B("/handlers",e);return S.value=t.handlers,t}var Xn=/[ \t\n\r]*/y,Qn=/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y,Zn=/true|false|null/y,es=/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,ct=class{constructor(t){this.text=t,this.at=0,this.depth=0}take(t){t.lastIndex=this.at;let n=t.exec(this.text);return n?(this.at+=n[0].length,n[0]):null}skip(){this.take(Xn)}eat(t){return this.skip(),this.text[this.at]!==t?!1:(this.at+=1,!0)}must(t){this.eat(t)||this.fail(`expected “${t}”`)}fail(t){let n=this.at<this.text.length?`found “${this.text[this.at]}”`:"the text ends";throw new SyntaxError(`${t}, ${n} (character ${this.at+1})`)}string(){this.skip();let t=this.take(es);return t===null&&this.fail("expected a string"),JSON.parse(t)}value(){this.skip();let t=this.text[this.at];if(t==="{")return this.nested(()=>this.object());if(t==="[")return this.nested(()=>this.array());if(t==='"')return{kind:"string",value:this.string()};let n=this.take(Qn);if(n!==null)return{kind:"number",text:n};let o=this.take(Zn);return o===null&&this.fail("expected a value"),{kind:"word",text:o}}nested(t){if(this.depth+=1,this.depth>256)throw new SyntaxError("nested more than 256 levels deep");let n=t();return this.depth-=1,n}object(){let t=[];if(this.must("{"),this.eat("}"))return{kind:"object",entries:t};do{let n=this.string();this.must(":"),t.push([n,this.value()])}while(this.eat(","));return this.must("}"),{kind:"object",entries:t}}array(){let t=[];if(this.must("["),this.eat("]"))return{kind:"array",items:t};do t.push(this.value());while(this.eat(","));return this.must("]"),{kind:"array",items:t}}};function Me(e){let t=new ct(e),n=t.value();return t.skip(),t.at<e.length&&t.fail("expected the end"),n}function Ke(e){try{return Me(e)}catch{return null}}var Wt=(e,t)=>e.entries?.find(([n])=>n===t)?.[1];var We={text:{label:"Text",type:"text/plain; charset=utf-8",hint:"Sent as one text message, exactly as typed.",sample:"hello"},json:{label:"JSON",type:"application/json",hint:"Checked, then sent as typed in one text message.",sample:'{"type": "ping"}'},hex:{label:"Binary (hex)",type:"application/octet-stream",hint:"Two hex digits for each byte; spaces are ignored.",sample:"0a ff 00 3c"}},ns={text:e=>({body:e}),json:e=>{if(!e.trim())return{error:"There is no JSON yet."};try{Me(e)}catch(t){if(!t.message.startsWith(`nested more than ${256}`))return{error:`Not JSON: ${t.message}.`}}return{body:e}},hex:e=>{let{bytes:t,error:n}=Nt(e);return n?{error:`Not hex: ${n}.`}:{body:t}}};function ss(e,t,n){return e==="hex"&&n.body&&t.trim()?f(n.body.length,"byte"):We[e].hint}function pe({send:e,action:t="Send",label:n="Message"}){let o=V(),[r,a]=m("text"),[i,u]=m(""),[l,b]=m(!1),[$,y]=m(!1),[D,w]=m(null),I=ns[r](i),ke=I.error&&(l||i.trim())?I.error:null;async function h(k){if(k.preventDefault(),b(!0),!(I.error||$)){y(!0),w(null);try{w({ok:!0,text:await e(I.body,We[r].type)})}catch(nt){w({ok:!1,text:`Not sent: ${nt.message}`})}y(!1)}}let K=k=>{a(k),b(!1),w(null)},Oe=k=>{k.key==="Enter"&&(k.ctrlKey||k.metaKey)&&h(k)};return s`
    <form class="composer" onSubmit=${h} noValidate>
      <fieldset class="choices">
        <legend class="visually-hidden">Kind of message</legend>
        ${Object.entries(We).map(([k,{label:nt}])=>s`
          <label key=${k}><input type="radio" name=${o} value=${k} checked=${r===k} onChange=${()=>K(k)} />${nt}</label>`)}
      </fieldset>
      <label class="visually-hidden" for=${`${o}-text`}>${n}</label>
      <textarea id=${`${o}-text`} class="code" rows="4" spellcheck=${!1} autocomplete="off" placeholder=${We[r].sample} value=${i}
        aria-invalid=${!!ke} aria-describedby=${`${o}-note`}
        onInput=${k=>{u(k.currentTarget.value),w(null)}} onKeyDown=${Oe}></textarea>
      <p id=${`${o}-note`} class=${ke?"hint bad":"hint"} aria-live="polite">${ke??ss(r,i,I)}</p>
      <div class="actions">
        <button type="submit" class="primary" disabled=${$}>${t}</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span role="status" class=${`result ${D?D.ok?"good":"bad":""}`}>${D?.text??""}</span>
      </div>
    </form>`}function Ue({title:e,onClose:t,children:n,wide:o=!1}){let r=j(null),a=V();return x(()=>{r.current.showModal()},[]),s`
    <dialog ref=${r} class=${o?"wide":""} aria-labelledby=${a} onClose=${t}>
      <header>
        <h2 id=${a}>${e}</h2>
        <button type="button" class="quiet" aria-label="Close dialog" onClick=${()=>r.current.close()}>×</button>
      </header>
      <div class="dialog-body">${n}</div>
    </dialog>`}var ut=p(!1),re=p(null),Ye=p(!1);async function os(){if(!Ye.value){Ye.value=!0;try{let{generation:e,warnings:t=[]}=await Y("/reload");Ce(`Reloaded, generation ${c(e)}`),re.value=t.length?{title:f(t.length,"warning"),lead:"The new files are in force.",list:t}:null,Z().catch(()=>{})}catch(e){e.status!==422?Ce(`Not reloaded: ${e.message}`,"bad"):re.value={title:"Not reloaded",lead:e.message,list:e.body?.mistakes??[]}}Ye.value=!1}}var Ut=()=>s`
  <button type="button" disabled=${Ye.value} onClick=${os} title="Read the files again; connections stay">Reload</button>`,Yt=()=>s`
  <button type="button" onClick=${()=>{ut.value=!0}}>Broadcast</button>`,rs=({mistake:e})=>{let{message:t,place:n,remedy:o}=typeof e=="string"?{message:e}:e;return s`
    <li>
      <p><${g} text=${t} most=${400} /></p>
      ${o&&s`<p class="remedy"><${g} text=${o} most=${400} /></p>`}
      ${n&&s`<${oe} place=${n} />`}
    </li>`},as=()=>re.value&&s`
  <${Ue} title=${re.value.title} wide onClose=${()=>{re.value=null}}>
    <p class="failure-lead">${De(d(re.value.lead))}</p>
    <ol class="mistakes">${re.value.list.map((e,t)=>s`<${rs} key=${t} mistake=${e} />`)}</ol>
  <//>`,is={all:"All connections",path:"A path",room:"A room"};function ls(){let e=V(),[t,n]=m("all"),[o,r]=m(""),a=async(i,u)=>{if(t!=="all"&&!o.trim())throw new Error(`name the ${t} first`);let{delivered:l}=await Y(`/broadcast${t==="all"?"":F({[t]:o.trim()})}`,i,u);return l?`Delivered to ${f(l,"connection")}`:"Nobody was there to get it"};return s`
    <${Ue} title="Broadcast" wide onClose=${()=>{ut.value=!1}}>
      <div class="target">
        <fieldset class="choices">
          <legend class="visually-hidden">To whom</legend>
          ${Object.entries(is).map(([i,u])=>s`
            <label key=${i}><input type="radio" name=${e} value=${i} checked=${t===i} onChange=${()=>n(i)} />${u}</label>`)}
        </fieldset>
        <input class="grow code" aria-label=${t==="room"?"Name of the room":"Path"} list=${`${e}-paths`} disabled=${t==="all"} autocomplete="off"
          placeholder=${{all:"",path:"/chat",room:"lobby"}[t]} value=${t==="all"?"":o} onInput=${i=>r(i.currentTarget.value)} />
        <datalist id=${`${e}-paths`}>${t==="path"&&S.value.map((i,u)=>s`<option key=${u} value=${i.path} />`)}</datalist>
      </div>
      <${pe} send=${a} action="Broadcast" />
    <//>`}function cs(){let[e,t]=m(""),n=M.value.refused;return s`
    <${Ue} title="Token" onClose=${()=>{M.value&&(M.value={...M.value,shut:!0})}}>
      <form class="token" onSubmit=${r=>{r.preventDefault(),e.trim()&&Ft(e.trim())}}>
        <p>This server wants its admin token. It is kept for this tab only.</p>
        <label for="token">Admin token</label>
        <input id="token" type="password" class="code" autofocus autocomplete="off" value=${e} aria-describedby="token-note" aria-invalid=${n}
          onInput=${r=>t(r.currentTarget.value)} />
        <p id="token-note" class=${n?"hint bad":"hint"} role="status">${n?"The server did not accept that token.":"The one that sockeye was started with."}</p>
        <div class="actions"><button type="submit" class="primary">Continue</button></div>
      </form>
    <//>`}var Vt=()=>s`
  ${ut.value&&s`<${ls} />`}
  <${as} />
  ${M.value&&!M.value.shut&&s`<${cs} />`}`;var mt=500,us=15e3,ds=1600,E=p({kind:"connecting"}),Gt=new Set,Ve=e=>Gt.add(e),ae=null,me=mt,_e=0,dt=!1,ps=()=>`${location.protocol==="https:"?"wss:":"ws:"}//${location.host}${lt}`;function Jt(e){ae?.readyState===WebSocket.OPEN&&ae.send(JSON.stringify(e))}function ms(e){let t;try{t=JSON.parse(e.data)}catch{return}let n=t.type==="hello";n&&(me=mt,E.value={kind:"live"}),Be(t.stats),t.closed?.length&&Dt(t.closed),(t.opened?.length||t.closed?.length)&&(He.value+=1);for(let o of Gt)o(t,n)}function pt(){let e=me*(.8+Math.random()*.4);me=Math.min(me*2,us),E.value={kind:"waiting",retryAt:Date.now()+e,since:E.value.since??Date.now()},clearTimeout(_e),_e=setTimeout(he,e)}async function Xt(e){if(qt(),e)return pt();try{Be(await B("/stats"))}catch{return pt()}return me>mt?pt():hs()}function hs(){me*=2,clearTimeout(_e),_e=setTimeout(he,50)}function he(){clearTimeout(_e),Qt(),E.value={...E.value,kind:"connecting"};let e=new WebSocket(ps(),zt()),t=!1;ae=e,e.onopen=()=>{t=!0},e.onmessage=ms,e.onclose=()=>{ae===e&&(ae=null,Xt(t))}}function Qt(){let e=ae;ae=null,e?.close()}async function $s(){if(!(dt||E.value.kind!=="live"||performance.now()-Lt.at<ds)){dt=!0;try{Be(await B("/stats"))}catch{E.value.kind==="live"&&(Qt(),Xt(!0))}dt=!1}}function Zt(){he(),setInterval($s,1e3),addEventListener("online",()=>{E.value.kind==="waiting"&&he()})}function ee(e,t,n){let[o,r]=m({data:null,error:null}),a=j(()=>{});return x(()=>{let i=new ht(e,t,r);a.current=()=>i.soon();let u=xe(()=>{E.value.kind==="live"&&i.soon()}),l=()=>{document.hidden||i.soon()};return document.addEventListener("visibilitychange",l),i.turn(),()=>{i.stop(),u(),document.removeEventListener("visibilitychange",l)}},n),{...o,refresh:()=>a.current()}}var en=200,ht=class{constructor(t,n,o){this.load=t,this.everyMs=n,this.tell=o,this.abort=new AbortController,this.timer=0,this.busy=!1,this.wanted=!1,this.startedAt=-1/0}soon(){if(this.busy){this.wanted=!0;return}this.later(Math.max(0,this.startedAt+en-performance.now()))}later(t){clearTimeout(this.timer),this.timer=setTimeout(()=>this.turn(),t)}async turn(){if(!(this.busy||this.abort.signal.aborted)&&!(document.hidden||E.value.kind==="waiting")){this.busy=!0,this.wanted=!1,this.startedAt=performance.now();try{let t=await this.load(this.abort.signal);this.abort.signal.aborted||this.tell({data:t,error:null})}catch(t){this.abort.signal.aborted||this.tell(n=>({...n,error:t}))}this.busy=!1,this.later(this.wanted?en:this.everyMs)}}stop(){clearTimeout(this.timer),this.abort.abort()}};var fs=["overview","connections","messages","handlers","rooms","try"],bs=e=>{try{return decodeURIComponent(e)}catch{return e}};function $t(e){let[t,n=""]=e.replace(/^#\/?/,"").split("?",2),[o,...r]=t.split("/");return{page:fs.includes(o)?o:"overview",item:r.length?bs(r.join("/")):"",query:new URLSearchParams(n)}}function v(e,t="",n={}){let o=new URLSearchParams(Object.entries(n).filter(([,r])=>r)).toString();return`#/${e}${t?`/${encodeURIComponent(t)}`:""}${o?`?${o}`:""}`}var _=p($t(location.hash));addEventListener("hashchange",()=>{_.value=$t(location.hash)});var te=(...e)=>{location.hash=v(...e)};function R(...e){history.replaceState(null,"",v(...e)),_.value=$t(location.hash)}var vs="ws://127.0.0.1:8080",gs=(e=q.value)=>(e?.urls?.[0]??vs).replace(/\/$/,""),Re=e=>e.replace(/[:{]([A-Za-z_]\w*)[^/]*/g,"$1").replaceAll("*","any"),ne=(e,t="/")=>`npx wscat -c "${gs(e??void 0)}${Re(t)}"`;var tn=100,ys=2,ws=40,nn=e=>e.kind==="object"?e.entries:e.items.map((t,n)=>[n,t]);function ks({node:e}){return e.kind==="string"?s`<span class="json-string">"<${g} text=${e.value} most=${300} />"</span>`:s`<span class=${`json-${e.kind}`}>${e.text}</span>`}var sn=({name:e})=>s`
  <span class=${typeof e=="number"?"json-index":"json-key"}><${g} text=${e} most=${80} /></span><span class="json-colon">: </span>`;function xs({name:e,node:t,level:n}){let o=nn(t),[r,a]=m(n<ys&&o.length<=ws),[i,u]=m(tn),[l,b]=t.kind==="object"?"{}":"[]",$=t.kind==="object"?f(o.length,"member"):f(o.length,"item"),y=`${e===void 0?"value":e}, ${$}`;return s`
    <button type="button" class="json-toggle" aria-expanded=${r} aria-label=${y} onClick=${()=>a(!r)}></button>
    ${e!==void 0&&s`<${sn} name=${e} />`}
    <span class="json-bracket">${l}</span>
    ${!r&&s`<span class="json-summary">${$}</span><span class="json-bracket">${b}</span>`}
    ${r&&s`
      <ul>
        ${o.slice(0,i).map(([D,w],I)=>s`<${on} key=${I} name=${D} node=${w} level=${n+1} />`)}
      </ul>
      ${o.length>i&&s`
        <button type="button" class="more" onClick=${()=>u(i+tn*10)}>show more (${c(o.length-i)} left)</button>`}
      <span class="json-bracket json-end">${b}</span>`}`}function on({name:e,node:t,level:n}){let o=t.kind==="object"||t.kind==="array";if(o&&nn(t).length)return s`<li><${xs} name=${e} node=${t} level=${n} /></li>`;let r=t.kind==="object"?"{}":"[]";return s`
    <li class="json-leaf">
      ${e!==void 0&&s`<${sn} name=${e} />`}
      ${o?s`<span class="json-bracket">${r}</span>`:s`<${ks} node=${t} />`}
    </li>`}var $e=({node:e,label:t})=>s`
  <ul class="json" aria-label=${t}><${on} node=${e} level=${0} /></ul>`;var Ss=1e3,rn=123,bt={1e3:"normal",1001:"going away",1002:"protocol error",1003:"unsupported data",1007:"invalid data",1008:"policy violation",1009:"too big",1010:"extension missing",1011:"internal error",1012:"restart",1013:"try again later",1014:"bad gateway"};function Cs(e,t){let n=Number(e),o=Object.hasOwn(bt,e)||n>=3e3&&n<=4999;if(!/^\d+$/.test(e)||!o)return"Codes are 1000 to 1003, 1007 to 1014, or 3000 to 4999.";let r=new TextEncoder().encode(t).length;return r>rn?`The reason has ${r} bytes; ${rn} fit into a Close frame.`:null}async function Ts(e,t){let{body:n,text:o}=await Ee("GET",ze(e),{signal:t});return{c:n,state:Es(o)}}function Es(e){try{return Wt(Me(e),"state")??null}catch{return null}}var Ms=e=>e.map((t,n)=>s`${n?", ":""}<a key=${t} href=${v("rooms",t)}><${g} text=${t} most=${60} /></a>`);function _s(e){return[["Path",s`<${g} text=${e.path} />`],["Route",s`<a href=${v("handlers","",{q:e.route})}><${g} text=${e.route} /></a>`],["Remote",s`${d(e.remote_addr)}${e.tls?", TLS":""}`],["Connected",`${Se(e.connected_at)}, ${J(e.duration_ms)} ago`],["Last activity",Se(e.last_activity_at)],["In",`${f(e.messages_received,"message")}, ${L(e.bytes_received)}`],["Out",`${f(e.messages_sent,"message")}, ${L(e.bytes_sent)}`],["Waiting to be sent",c(e.pending_messages)],["Subprotocol",e.subprotocol===null?"none":d(e.subprotocol)],["Rooms",e.rooms.length?Ms(e.rooms):"none"]]}var ft=({values:e,none:t})=>{let n=Object.entries(e??{});return n.length?s`<${Te} rows=${n.map(([o,r])=>[s`<${g} text=${o} most=${60} />`,s`<${g} text=${r} />`])} />`:s`<p class="muted">${t}</p>`};function Rs({id:e,done:t}){let n=V(),[o,r]=m("1000"),[a,i]=m(""),[u,l]=m(!1),[b,$]=m(null),y=Cs(o,a);async function D(w){if(w.preventDefault(),!(y||u)){l(!0),$(null);try{await Kt(ze(e)+F({code:o,reason:a})),Ce(`Closed ${e} with ${o}`),t()}catch(I){$(`Not closed: ${I.message}`)}l(!1)}}return s`
    <form class="close-form" onSubmit=${D} noValidate>
      <label for=${`${n}-code`}>Code</label>
      <input id=${`${n}-code`} class="short" inputmode="numeric" autocomplete="off" list=${`${n}-codes`} value=${o}
        aria-invalid=${!!y} aria-describedby=${`${n}-hint`} onInput=${w=>r(w.currentTarget.value.trim())} />
      <datalist id=${`${n}-codes`}>${Object.entries(bt).map(([w,I])=>s`<option key=${w} value=${w}>${I}</option>`)}</datalist>
      <label for=${`${n}-reason`}>Reason</label>
      <input id=${`${n}-reason`} class="grow" autocomplete="off" value=${a} onInput=${w=>i(w.currentTarget.value)} />
      <button type="submit" class="danger" disabled=${u}>Close connection</button>
      <p id=${`${n}-hint`} class=${y||b?"hint bad":"hint"} aria-live="polite">${y??b??bt[o]??"a code of the application"}</p>
    </form>`}function an({id:e}){let t=Ot.get(e);return s`
    <p class="gone" role="status">${t?`This connection is gone: ${d(t)}.`:"This connection is gone."}</p>`}function Ns({id:e,c:t,state:n,gone:o,refresh:r}){let a=async(i,u)=>{let l=await Y(`${ze(e)}/send`,i,u);return r(),`${f(l.bytes,"byte")} sent`};return s`
    ${o&&s`<${an} id=${e} />`}
    <${Te} rows=${_s(t)} />
    <p class="links"><a href=${v("messages","",{connection:e})}>Messages of this connection</a></p>
    ${!o&&s`
      <${H} title="Send a message"><${pe} send=${a} action="Send" label=${`Message to ${e}`} /><//>
      <${H} title="Close"><${Rs} id=${e} done=${r} /><//>`}
    <${H} title="State">
      ${n&&n.text!=="null"?s`<${$e} node=${n} label="State" />`:s`<p class="muted">This connection keeps no state.</p>`}
    <//>
    <${H} title="Parameters of the path"><${ft} values=${t.params} none="The route has none." /><//>
    <${H} title="Query"><${ft} values=${t.query} none="The address had none." /><//>
    <${H} title="Headers"><${ft} values=${t.headers} none="None were kept." /><//>`}function ln({id:e,onClose:t}){let{data:n,error:o,refresh:r}=ee(i=>Ts(e,i),Ss,[e]),a=o?.status===404;return s`
    <${ue} title=${s`<span class="mono">${d(e)}</span>`} tools=${s`<${le} text=${e} what="the id" />`} subject=${e} takeFocus onClose=${t}>
      ${!a&&s`<${Q} error=${o} />`}
      ${n?s`<${Ns} id=${e} c=${n.c} state=${n.state} gone=${a} refresh=${r} />`:a&&s`<${an} id=${e} />`}
    <//>`}var ie=100,As=1e3,Ps=[{name:"Id",key:"id",className:"c-id"},{name:"Path",key:"path",className:"c-path"},{name:"Remote",key:"remote_addr",className:"c-remote"},{name:"Age",key:"connected_at",turned:!0,className:"c-age number"},{name:"In",key:"messages_received",className:"c-count number"},{name:"Out",key:"messages_sent",className:"c-count number"},{name:"Rooms",className:"c-rooms"}];function Is(e){let t=[],n={q:"",path:"",room:""};for(let o of e.trim().split(/\s+/)){let[,r,a]=/^(path|room):(.+)$/.exec(o)??[];r?n[r]=a:o&&t.push(o)}return n.q=t.join(" "),n}function js(){let{query:e,item:t}=_.value;return{item:t,q:e.get("q")??"",sort:e.get("sort")??"",page:Math.max(0,Number.parseInt(e.get("page")??"1",10)-1||0)}}var se=({item:e,q:t,sort:n,page:o})=>["connections",e,{q:t,sort:n,page:o?String(o+1):""}];function Ls({column:e,now:t}){let{name:n,key:o,turned:r,className:a}=e;if(!o)return s`<th scope="col" class=${a}>${n}</th>`;let i=t.sort.replace(/^-/,""),u=t.sort.startsWith("-")!==!!r,l=i===o,$=a.includes("number")&&!r?`-${o}`:o,y=t.sort.startsWith("-")?o:`-${o}`,D=l?y:$;return s`
    <th scope="col" class=${a} aria-sort=${l?u?"descending":"ascending":"none"}>
      <button type="button" onClick=${()=>R(...se({...t,sort:D,page:0}))}>
        ${n}<span class="arrow" aria-hidden="true">${l?u?"▾":"▴":""}</span>
      </button>
    </th>`}var qs=({c:e,now:t})=>s`
  <tr class=${e.id===t.item?"selected":""} aria-current=${e.id===t.item?"true":void 0}
      onClick=${n=>{n.target.closest("a")||te(...se({...t,item:e.id}))}}>
    <td class="c-id"><a href=${v(...se({...t,item:e.id}))} data-row=${e.id}>${d(e.id)}</a></td>
    <td class="c-path" title=${d(e.path)}><bdi>${d(e.path)}</bdi></td>
    <td class="c-remote">${d(e.remote_addr)}</td>
    <td class="c-age number">${J(e.duration_ms)}</td>
    <td class="c-count number" title=${L(e.bytes_received)}>${c(e.messages_received)}</td>
    <td class="c-count number" title=${L(e.bytes_sent)}>${c(e.messages_sent)}</td>
    <td class="c-rooms" title=${e.rooms.map(d).join(", ")}><bdi>${e.rooms.map(d).join(", ")}</bdi></td>
  </tr>`;function Os(e){let t={ArrowDown:1,ArrowUp:-1}[e.key];if(!t||!e.target.dataset?.row)return;let n=[...e.currentTarget.querySelectorAll("a[data-row]")];n[n.indexOf(e.target)+t]?.focus(),e.preventDefault()}function Ds({now:e}){return e.q?s`<${T} title="No connection matches this filter.">
      <button type="button" onClick=${()=>R(...se({...e,q:"",page:0}))}>Clear the filter</button><//>`:s`
    <${T} title="Nobody is connected. To connect from a terminal:">
      <${X} text=${ne(q.value,S.value[0]?.path)} /><//>`}function Bs({now:e,total:t,known:n}){let o=Math.max(1,Math.ceil(t/ie)),r=e.page*ie,a=i=>R(...se({...e,page:i}));return s`
    <div class="pager" role="group" aria-label="Pages">
      <span class="muted">${t?`${c(Math.min(r+1,t))}–${c(Math.min(r+ie,t))} of ${c(t)}`:n&&"none"}</span>
      <button type="button" aria-label="Previous page" disabled=${e.page===0} onClick=${()=>a(e.page-1)}>‹</button>
      <button type="button" aria-label="Next page" disabled=${e.page>=o-1} onClick=${()=>a(e.page+1)}>›</button>
    </div>`}function Hs({rows:e,now:t}){return s`
    <div class="table-box scroll">
      <table class="rows connections" aria-label="Connections" onKeyDown=${Os}>
        <thead><tr>${Ps.map(n=>s`<${Ls} key=${n.name} column=${n} now=${t} />`)}</tr></thead>
        <tbody>${e.map(n=>s`<${qs} key=${n.id} c=${n} now=${t} />`)}</tbody>
      </table>
      ${!e.length&&s`<${Ds} now=${t} />`}
    </div>`}function cn(e){let t=CSS.escape(e.item);te(...se({...e,item:""})),requestAnimationFrame(()=>document.querySelector(`a[data-row="${t}"]`)?.focus({preventScroll:!0}))}function un(){let e=js(),t=He.value,n={...Is(e.q),sort:e.sort,limit:ie,offset:e.page*ie},o=F(n),{data:r,error:a,refresh:i}=ee(b=>B(`/connections${o}`,b),As,[o]),u=j(!0);x(()=>{u.current||i(),u.current=!1},[t]);let l=r?.count??0;return x(()=>{r&&e.page&&e.page*ie>=l&&R(...se({...e,page:Math.max(0,Math.ceil(l/ie)-1)}))},[l,e.page]),s`
    <div class=${`page split ${e.item?"with-panel":""}`} onKeyDown=${ce(()=>cn(e),e.item)}>
      <div class="main">
        <div class="bar">
          <h1>Connections</h1>
          <input type="search" class="grow" data-filter aria-label="Filter connections" placeholder="Filter: id, path, address, room:name, path:/…"
            value=${e.q} onInput=${b=>R(...se({...e,q:b.currentTarget.value,page:0}))} />
          <${Bs} now=${e} total=${l} known=${!!r} />
        </div>
        <${Q} error=${a} />
        ${r&&s`<${Hs} rows=${r.connections} now=${e} />`}
      </div>
      ${e.item&&s`<${ln} key=${e.item} id=${e.item} onClose=${()=>cn(e)} />`}
    </div>`}var N=p({path:"",message:""}),fe=p(null);function Fs(e,t){return e.number===t?{tone:"good",word:"answers"}:e.matches?{tone:"",word:t!==null&&e.number>t?"would match, too late":"matches"}:{tone:"idle",word:"no match"}}function zs({rule:e,answeredBy:t}){let{tone:n,word:o}=Fs(e,t);return s`
    <li class=${`try-rule ${n}`} aria-current=${e.number===t?"true":void 0}>
      <span class="number">${e.number}</span>
      <div>
        <p class="try-line"><code><${g} text=${e.pattern} most=${200} /></code><span class="muted">${e.kind}</span>${e.place&&s`<${oe} place=${e.place} />`}</p>
        <p class="try-reason"><b>${o}</b>${e.reason?s`: <${g} text=${e.reason} most=${400} />`:""}${e.note?s`<small>${d(e.note)}</small>`:""}</p>
      </div>
    </li>`}function Ks({text:e}){let t=/^\s*[[{]/.test(e)?Ke(e):null;return s`
    <div class="try-answer">
      <pre class="raw"><${g} text=${e} most=${4e3} multiline /></pre>
      <${le} text=${e} what="the answer" />
      ${t&&s`<details><summary>As a tree</summary><${$e} node=${t} label="Answer" /></details>`}
    </div>`}function Ws({answered_by:e,answers:t,rules:n,forwarded:o}){return e!==null?`Rule ${e} answers${t.length?"":" with nothing"}`:o?"The message goes on to the server behind":t.length?"The handler answers without a rule":n.length?"No rule answers":"This handler has no rules"}function Us({answer:e}){let{route:t,answered_by:n,rules:o,answers:r,script:a}=e;return s`
    <div class="try-result">
      <h2 role="status">${Ws(e)} <span class="muted">on route <span class="mono">${d(t)}</span></span></h2>
      ${a&&s`<p class="note">This route runs a script. Scripts are not run here, so the real answer may differ.</p>`}
      ${r.length>0&&s`<h3>${r.length===1?"It would send":`It would send ${f(r.length,"message")}`}</h3>`}
      ${r.map((i,u)=>s`<${Ks} key=${u} text=${i} />`)}
      ${o.length>0&&s`<h3>Rules, in their order</h3>
        <ol class="try-rules">${o.map(i=>s`<${zs} key=${i.number} rule=${i} answeredBy=${n} />`)}</ol>`}
    </div>`}var Ys=({error:e})=>s`
  <div class="try-result">
    <p class="failure" role="alert">${De(d(e))}</p>
    ${S.value.length>0&&s`<p class="muted">Routes: ${S.value.slice(0,20).map((t,n)=>s`${n?", ":""}<button type="button" class="place" key=${n}
      onClick=${()=>{N.value={...N.value,path:Re(t.path)}}}>${d(t.path)}</button>`)}</p>`}
  </div>`;async function Vs(){let{path:e,message:t}=N.value;try{let n=await Y("/try",JSON.stringify({path:e,message:t}),"application/json");fe.value={path:e,message:t,answer:n}}catch(n){fe.value={error:n.message}}}function Gs(){let[e,t]=m(!1),n=async l=>{l.preventDefault(),!e&&(t(!0),await Vs(),t(!1))},o=l=>{l.key==="Enter"&&(l.ctrlKey||l.metaKey)&&n(l)},r=l=>{N.value={...N.value,...l}},{path:a,message:i}=N.value,u=fe.value?.answer&&(fe.value.path!==a||fe.value.message!==i);return s`
    <form class="try-form" onSubmit=${n}>
      <label for="try-path">Path</label>
      <input id="try-path" class="code" list="try-paths" required spellcheck=${!1} autocomplete="off" placeholder="/chat" value=${a} onInput=${l=>r({path:l.currentTarget.value})} />
      <datalist id="try-paths">${S.value.map((l,b)=>s`<option key=${b} value=${Re(l.path)}>${l.kind}</option>`)}</datalist>
      <label for="try-message">Message</label>
      <textarea id="try-message" class="code" rows="12" spellcheck=${!1} placeholder='{"type": "ping"}' value=${i}
        onInput=${l=>r({message:l.currentTarget.value})} onKeyDown=${o}></textarea>
      <div class="actions">
        <button type="submit" class="primary" disabled=${e}>Try</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span class="muted">${u?"Changed since the result was made.":"Nothing is sent to anybody."}</span>
      </div>
    </form>`}function dn(){x(()=>{Z().then(()=>{let[t]=S.value;!N.value.path&&t&&(N.value={...N.value,path:Re(t.path)})},()=>{})},[]);let e=fe.value;return s`
    <div class="page main">
      <div class="bar"><h1>Try a message</h1></div>
      <div class="try scroll">
        <${Gs} />
        <div>
          ${!e&&s`<${T} title="Choose a path, paste a message and press Try."><p class="muted">You see which rule would answer, why each other one would not, and what would be sent.</p><//>`}
          ${e?.error&&s`<${Ys} error=${e.error} />`}
          ${e?.answer&&s`<${Us} answer=${e.answer} />`}
        </div>
      </div>
    </div>`}var Js=2e3,pn=(e,t)=>e&&t?`${e.replace(/:\d+(:\d+)?$/,"")}:${t}`:null;function mn(e){return[e.when&&"only when its condition holds",e.answers===0?"no answer":e.answers>1&&`${c(e.answers)} answers`,e.continue&&"goes on to the next rules"].filter(Boolean).join(", ")}var Xs=({rule:e,place:t})=>s`
  <tr class=${e.hits?"":"idle"}>
    <td class="number r-number">${e.number}</td>
    <td class="r-pattern"><code><${g} text=${e.pattern} most=${200} /></code>${mn(e)&&s`<small>${mn(e)}</small>`}</td>
    <td class="r-kind">${e.kind}</td>
    <td class="r-place">${(e.place??pn(t,e.line))&&s`<${oe} place=${e.place??pn(t,e.line)} />`}</td>
    <td class="number r-hits">${c(e.hits)}</td>
  </tr>`,Qs=({h:e})=>s`
  <table class="rows rules" aria-label=${`Rules of ${e.path}`}>
    <thead><tr><th scope="col" class="number r-number">#</th><th scope="col" class="r-pattern">Pattern</th><th scope="col" class="r-kind">Kind</th>
      <th scope="col" class="r-place">Place</th><th scope="col" class="number r-hits">Hits</th></tr></thead>
    <tbody>${e.rules.map(t=>s`<${Xs} key=${t.number} rule=${t} place=${e.place} />`)}</tbody>
  </table>`,Zs=({kind:e,interval_ms:t,sent:n})=>`${e==="broadcast"?"Broadcast to all":"To each connection"} every ${Mt(t)}: ${c(n)} sent`,hn=({name:e,all:t})=>t&&s`
  <span class="took" title=${`${e}, ${f(t.count,"time")} since the start: half took at most ${W(t.p50_ms)}, 90 of 100 at most ${W(t.p90_ms)}, 99 at most ${W(t.p99_ms)}`}>
    ${e}: p50 <b>${W(t.p50_ms)}</b>, p90 <b>${W(t.p90_ms)}</b>, p99 <b>${W(t.p99_ms)}</b></span>`,eo=({h:e})=>e.kind.startsWith("websocket")&&s`
  <p class="latency muted">${e.latency?s`<${hn} name="Messages" all=${e.latency} />`:"No messages since the start."}<${hn} name="Scripts" all=${e.script_latency} /></p>`,to=({h:e})=>s`
  <article class="handler">
    <header>
      <h2><bdi>${d(e.path)}</bdi></h2>
      <span class="muted">${d(e.kind)}${e.host?`, host ${d(e.host)}`:""}</span>
      <${oe} place=${e.place} />
      <span class="spacer"></span>
      <a href=${v("connections","",{q:`path:${e.path}`})}>${f(e.connections,"connection")}</a>
      <a href=${v("try")} onClick=${()=>{N.value={...N.value,path:e.path}}}>Try a message</a>
    </header>
    <${eo} h=${e} />
    ${e.rules.length?s`<${Qs} h=${e} />`:s`<p class="muted">No rules.</p>`}
    ${e.timers.length>0&&s`<ul class="timers">${e.timers.map((t,n)=>s`<li key=${n}>${Zs(t)}</li>`)}</ul>`}
    ${e.notes.map((t,n)=>s`<p class="note" key=${n}><${g} text=${t} most=${400} /></p>`)}
  </article>`,no=(e,t)=>!t||[e.path,e.kind,e.place,e.host??"",...e.rules.map(n=>n.pattern)].some(n=>n.toLowerCase().includes(t));function $n(){let{data:e,error:t}=ee(Z,Js,[]),n=_.value.query.get("q")??"",o=e?.handlers??S.value,r=o.filter(a=>no(a,n.trim().toLowerCase()));return s`
    <div class="page main">
      <div class="bar">
        <h1>Handlers</h1>
        <input type="search" class="grow" data-filter aria-label="Filter handlers" placeholder="Filter: path, kind, file, pattern"
          value=${n} onInput=${a=>R("handlers","",{q:a.currentTarget.value})} />
        <span class="muted">${n?`${c(r.length)} of ${c(o.length)}`:f(o.length,"handler")}</span>
      </div>
      <div class="scroll list">
        <${Q} error=${t} />
        ${r.map((a,i)=>s`<${to} key=${`${a.host} ${a.path} ${i}`} h=${a} />`)}
        ${e&&!r.length&&(o.length?s`<${T} title="No handler matches this filter."><button type="button" onClick=${()=>R("handlers")}>Clear the filter</button><//>`:s`<${T} title="The files define no WebSocket routes. Add one, save, and press Reload."><pre class="raw">${so}</pre><//>`)}
      </div>
    </div>`}var so=`- websocket:
    path: /chat
    on-message:
      - pattern: ping
        response: pong`;var fn=e=>(e.text??e.base64??"").length,Ne=class e{constructor(t=[]){this.items=t,this.head=0}get length(){return this.items.length-this.head}at(t){return this.items[this.head+t]}push(t){this.items.push(t)}shift(){let t=this.items[this.head];return this.items[this.head]=void 0,this.head+=1,this.head>1024&&this.head*2>this.items.length&&(this.items=this.items.slice(this.head),this.head=0),t}copy(){return new e(this.items.slice(this.head))}clear(){this.items=[],this.head=0}},Ae=class{constructor(t=2e4,n=48e6){this.capacity=t,this.capacityChars=n,this.fifo=new Ne,this.chars=0,this.next=0,this.dropped=0}get first(){return this.next-this.fifo.length}push(t){for(t.n=this.next,this.next+=1,this.chars+=fn(t),this.fifo.push(t);this.fifo.length>this.capacity||this.chars>this.capacityChars&&this.fifo.length>1;)this.chars-=fn(this.fifo.shift()),this.dropped+=1}clear(){this.fifo.clear(),this.chars=0,this.dropped=0}},oo=()=>new Promise(e=>{setTimeout(e,0)}),vn=()=>!0,Ge=class{constructor(t){this.log=t,this.test=vn,this.fifo=new Ne,this.seen=t.next,this.run=0,this.building=!1}get length(){return this.fifo.length}at(t){return this.fifo.at(t)}update(){if(this.building)return 0;let{log:t}=this;for(let n=Math.max(this.seen,t.first);n<t.next;n+=1){let o=t.fifo.at(n-t.first);this.test(o)&&this.fifo.push(o)}return this.seen=t.next,bn(this.fifo,t.first)}async rebuild(t,n=this.log){this.run+=1;let o=this.run;this.building=!0,this.log=n,this.test=t;let r=new Ne,a=n.first;for(;a<n.next;){let i=performance.now()+6;if(a=ro(n,a,t,r,i),a>=n.next)break;if(await oo(),o!==this.run)return!1}return bn(r,n.first),this.fifo=r,this.seen=a,this.building=!1,!0}};function ro(e,t,n,o,r){let a=Math.max(t,e.first);for(;a<e.next;){let i=e.fifo.at(a-e.first);if(n(i)&&o.push(i),a+=1,a%32===0&&performance.now()>r)break}return a}function bn(e,t){let n=0;for(;e.length&&e.at(0).n<t;)e.shift(),n+=1;return n}var ao=e=>e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&");function gn({direction:e,path:t,connection:n,text:o}){let r=o?new RegExp(ao(o),"i"):null;return!e&&!t&&!n&&!r?vn:a=>(!e||a.direction===e)&&(!t||a.path.includes(t))&&(!n||a.connection===n)&&(!r||r.test(a.text??""))}function yn(e){let t=new Ae(e.capacity,e.capacityChars);return t.fifo=e.fifo.copy(),t.next=e.next,t}var A=new Ae,Ze=p(0),Ie=p(0),ve=p(null),Pe=new Set,io=200,Xe=!1,Qe=0,vt=0,be=null,Je=!1;function lo(){if(Je)return;Je=!0;let e=()=>{Je&&(Je=!1,Ze.value+=1)};requestAnimationFrame(e),setTimeout(e,200)}function gt(e){if(be){be.push(e);return}for(let t of e)t.seq<=Qe||(Qe=t.seq,Pe.size<io&&Pe.add(t.path),A.push(t));lo()}async function wn(){if(be)return;be=[];let e=[];try{e=(await B(`/messages${F({limit:1e3,after:Qe||"",...ve.value})}`)).messages}catch{}let t=be;be=null,gt(e);for(let n of t)gt(n)}function yt(){Jt({type:"filter",messages:!0,path:null,direction:null,connection:null,...ve.value})}Ve((e,t)=>{let n=e.stats?.uptime_ms??vt;n<vt&&(Qe=0),vt=n,Xe&&(t&&(yt(),wn()),e.dropped&&(Ie.value+=e.dropped),e.messages?.length&&gt(e.messages))});function kn(){Xe||(Xe=!0,E.value.kind==="live"&&(yt(),wn()))}function wt(e){ve.value=e,Xe&&yt()}function xn(){A.clear(),Ie.value=0,Ze.value+=1}var Sn=6;function Cn(e,t,n,o,r){let a=j(null),i=j({top:0,height:0}),[u,l]=m(0),[b,$]=m(0);x(()=>{let h=new ResizeObserver(()=>$(a.current?.clientHeight??0));return h.observe(a.current),()=>h.disconnect()},[]),Et(()=>{let h=a.current;h&&(o?h.scrollTop=h.scrollHeight:n.current&&(h.scrollTop-=n.current*e),n.current=0,i.current={top:h.scrollTop,height:h.scrollHeight},!o&&h.scrollTop!==u&&l(h.scrollTop))});let y=()=>{let h=a.current;if(!h)return;let K=i.current,Oe=h.scrollHeight-h.clientHeight,k=h.scrollTop<K.top-1&&h.scrollHeight>=K.height;i.current={top:h.scrollTop,height:h.scrollHeight},!(o&&!k)&&(k&&o&&h.scrollTop<Oe-1?r(!1):!o&&!k&&h.scrollTop>=Oe-1&&r(!0),l(h.scrollTop))},D=h=>{let K=a.current;K&&(h.deltaY>=0||K.scrollHeight<=K.clientHeight||(l(K.scrollTop),r(!1)))},w=o?Math.max(0,t*e-b):u,I=Math.max(0,Math.min(t,Math.floor(w/e))-Sn),ke=Math.min(t,Math.ceil((w+b)/e)+Sn);return{box:a,from:I,to:ke,onScroll:y,onWheel:D}}function Tn(e,t,n){let o=t*n;o<e.scrollTop?e.scrollTop=o:o+n>e.scrollTop+e.clientHeight&&(e.scrollTop=o+n-e.clientHeight)}var En=({length:e,from:t,rowHeight:n,children:o})=>s`
  <div class="sizer" role="presentation" style=${{height:`${e*n}px`}}>
    <div class="slice" role="presentation" style=${{transform:`translateY(${t*n}px)`}}>${o}</div>
  </div>`;var co=2e6,je=p(!1),uo=e=>[["Time",s`<span title=${e.at}>${Se(e.at)}</span>`],["Direction",e.direction==="in"?"in, from the client":"out, to the client"],["Connection",s`<a href=${v("connections",e.connection)}>${d(e.connection)}</a>`],["Path",s`<${g} text=${e.path} />`],["Size",`${e.kind}, ${e.bytes<1024?f(e.bytes,"byte"):`${L(e.bytes)} (${c(e.bytes)} bytes)`}`],["Number",c(e.seq)]],po=({m:e})=>e.cut&&s`
  <p class="hint">The server keeps the beginning of long messages; this one has ${f(e.bytes,"byte")}.</p>`;function mo(e){try{return _t(e)}catch{return"(not readable)"}}var ho=({m:e})=>s`<pre class="raw">${mo(e.base64??"")}</pre>`,$o=()=>s`
  <fieldset class="choices">
    <legend class="visually-hidden">View</legend>
    <label><input type="radio" name="view" checked=${!je.value} onChange=${()=>{je.value=!1}} />Tree</label>
    <label><input type="radio" name="view" checked=${je.value} onChange=${()=>{je.value=!0}} />Raw</label>
  </fieldset>`;function fo({m:e}){let t=e.text??"",n=!e.cut&&t.length<co&&/^\s*[[{]/.test(t)?Ke(t):null;return s`
    ${n&&s`<${$o} />`}
    ${n&&!je.value?s`<${$e} node=${n} label="Message" />`:s`<pre class="raw"><${g} text=${t} most=${8192} multiline /></pre>`}`}function bo(e){N.value={path:e.path,message:e.text??""},te("try")}function Mn({message:e,onClose:t}){return s`
    <${ue} title="Message" subject=${e.n} onClose=${t}>
      <${Te} rows=${uo(e)} />
      <div class="actions">
        <${le} text=${e.text??e.base64??""} label=${e.kind==="binary"?"Copy as base64":"Copy text"} what="the message" />
        ${e.kind==="text"&&!e.cut&&s`<button type="button" onClick=${()=>bo(e)}>Try it</button>`}
      </div>
      <${po} m=${e} />
      <div key=${e.n}>${e.kind==="binary"?s`<${ho} m=${e} />`:s`<${fo} m=${e} />`}</div>
    <//>`}var Le=24,_n=400,go=120,z=new Ge(A),et=p(0),kt={current:0},O=p({direction:"",path:"",connection:"",text:""}),P=p(null),ye=p(!0),C=p(null);async function xt(e=P.value?.log??A){await z.rebuild(gn(O.value),e)&&(et.value+=1)}Ze.subscribe(()=>{if(P.value){et.value+=1;return}A.first===A.next&&(kt.current=0),kt.current+=z.update(),et.value+=1});function St(e){P.value=e?{at:A.next,log:yn(A)}:null,e||(ye.value=!0),xt()}var Rn=0;function ge(e){O.value={...O.value,...e},clearTimeout(Rn),Rn=setTimeout(()=>xt(),go),ve.value&&wt(An());let{connection:t}=O.value;(_.value.query.get("connection")??"")!==t&&R("messages","",{connection:t})}function An(){let{direction:e,path:t,connection:n}=O.value;return{direction:e||null,path:Pe.has(t)?t:null,connection:n||null}}function yo(){xn(),C.value=null,P.value?St(!1):xt()}var wo=[["","Both"],["in","In"],["out","Out"]],ko=()=>s`
  <fieldset class="choices">
    <legend class="visually-hidden">Direction</legend>
    ${wo.map(([e,t])=>s`
      <label key=${e}><input type="radio" name="direction" value=${e} checked=${O.value.direction===e}
        onChange=${()=>ge({direction:e})} />${t}</label>`)}
  </fieldset>`,xo=()=>s`
  <div class="bar">
    <h1>Messages</h1>
    <button type="button" class="pause" title="Space, in the list" aria-pressed=${!!P.value} onClick=${()=>St(!P.value)}>${P.value?"Resume":"Pause"}</button>
    <button type="button" onClick=${yo}>Clear</button>
    <${ko} />
    <input type="search" class="path-filter" list="message-paths" aria-label="Filter by path" placeholder="Path" autocomplete="off"
      value=${O.value.path} onInput=${e=>ge({path:e.currentTarget.value.trim()})} />
    <datalist id="message-paths">${[...Pe].map(e=>s`<option key=${e} value=${e} />`)}</datalist>
    <input type="search" class="grow" data-filter aria-label="Search in messages" placeholder="Search text" autocomplete="off"
      value=${O.value.text} onInput=${e=>ge({text:e.currentTarget.value})} />
    ${O.value.connection&&s`
      <button type="button" class="chip" aria-label=${`Show all connections, not only ${O.value.connection}`} onClick=${()=>ge({connection:""})}>
        <span class="mono">${d(O.value.connection)}</span> ×</button>`}
  </div>`;function So(e){if(e.kind==="binary")return Rt(e.base64??"");let t=e.text??"";return d(t.length>_n?t.slice(0,_n):t)}var Pn=e=>`m-${e.n}`;function Co({message:e,index:t}){let n=C.value===e;return s`
    <div role="row" class=${`log-row ${e.direction} ${n?"selected":""}`} id=${Pn(e)} data-index=${t}
      aria-rowindex=${t+2} aria-selected=${n}>
      <span role="gridcell" class="l-time">${st(e.at,!1)}<span class="ms">${st(e.at).slice(8)}</span></span>
      <span role="gridcell" class="l-dir">${e.direction}</span>
      <span role="gridcell" class="l-conn">${d(e.connection)}</span>
      <span role="gridcell" class="l-path"><bdi>${d(e.path)}</bdi></span>
      <span role="gridcell" class="l-size number">${L(e.bytes)}</span>
      <span role="gridcell" class=${`l-text ${e.kind}`}><bdi>${So(e)}</bdi></span>
    </div>`}var To=[["l-time","Time"],["l-dir","Dir"],["l-conn","Connection"],["l-path","Path"],["l-size number","Size"],["l-text","Message"]],Eo=()=>s`
  <div role="row" class="log-row log-head" aria-rowindex="1">
    ${To.map(([e,t])=>s`<span key=${t} role="columnheader" class=${e}>${t}</span>`)}
  </div>`;function In(e){let t=0,n=z.length-1;for(;t<=n;){let o=t+n>>1,r=z.at(o).n;if(r===e.n)return o;r<e.n?t=o+1:n=o-1}return-1}var Mo={ArrowDown:e=>e+1,ArrowUp:e=>e-1,PageDown:(e,t)=>e+t,PageUp:(e,t)=>e-t,Home:()=>0,End:()=>1/0};function jn(e,t){let n=z.length-1;if(n<0)return;let o=Math.max(0,Math.min(n,t));ye.value=t===1/0,C.value=z.at(o),Tn(e,o,Le)}function _o(e,t){if(e.target.closest("button"))return;if(e.key==="Escape"&&C.value){C.value=null,e.preventDefault();return}if(e.key===" "){St(!P.value),e.preventDefault();return}if(e.key==="Enter"&&C.value){document.querySelector(".panel h2")?.focus(),e.preventDefault();return}let n=Mo[e.key];if(!n)return;e.preventDefault();let o=C.value?In(C.value):-1,r=Math.max(1,Math.floor(t.clientHeight/Le)-1),a=o<0?e.key==="ArrowUp"?z.length:Math.floor(t.scrollTop/Le)-1:o;jn(t,n(a,r))}function Ro(){let{direction:e,path:t,connection:n,text:o}=O.value;return A.fifo.length&&(e||t||n||o)?s`<${T} title="No recorded message matches these filters.">
      <button type="button" onClick=${()=>ge({direction:"",path:"",connection:"",text:""})}>Clear the filters</button><//>`:s`
    <${T} title="No messages yet. Recording since this page was opened; to send one from a terminal:">
      <${X} text=${ne(q.value,S.value[0]?.path)} /><//>`}var Ln=()=>(et.value,z.length);function No(){let e=Ln(),{box:t,from:n,to:o,onScroll:r,onWheel:a}=Cn(Le,e,kt,ye.value,$=>{ye.value=$}),i=[];for(let $=n;$<o;$+=1){let y=z.at($);i.push(s`<${Co} key=${y.n} message=${y} index=${$} selected=${C.value===y} />`)}let u=C.value&&In(C.value),l=u!==null&&u>=n&&u<o,b=$=>{let y=$.target.closest("[data-index]");!y||String(getSelection())||jn(t.current,Number(y.dataset.index))};return s`
    <div class="log" role="grid" tabindex="0" aria-label="Messages, newest last" aria-rowcount=${e+1}
      aria-activedescendant=${l?Pn(C.value):void 0} onKeyDown=${$=>_o($,t.current)}>
      <${Eo} />
      <div class="log-box scroll" ref=${t} role="rowgroup" tabindex="-1" onScroll=${r} onWheel=${a} onClick=${b}>
        <${En} length=${e} from=${n} rowHeight=${Le}>${i}<//>
        ${!e&&!z.building&&q.value&&s`<${Ro} />`}
      </div>
    </div>`}function Ao(){let e=Ln(),t=P.value?A.next-P.value.at:0,n=P.value?P.value.log.fifo.length:A.fifo.length,o=[`${c(e)} shown of ${c(n)} kept (at most ${c(2e4)})`];return A.dropped&&o.push(`${c(A.dropped)} older dropped`),Ie.value&&o.push(`${c(Ie.value)} left out by the server, too fast`),s`
    <div class="foot">
      <span class="foot-text">${o.join(" · ")}</span>
      <label class="check" title="The server then sends only what direction, path and connection let through">
        <input type="checkbox" checked=${!!ve.value} onChange=${r=>wt(r.currentTarget.checked?An():null)} />
        Record only what is shown</label>
      <span class="foot-state">
        ${P.value&&s`<b>Paused</b>, ${c(t)} waiting`}
        ${!P.value&&(ye.value?"Following the newest":s`<button type="button" class="chip" onClick=${()=>{ye.value=!0}}>Follow the newest</button>`)}
      </span>
    </div>`}function Nn(){C.value=null,requestAnimationFrame(()=>document.querySelector(".log")?.focus({preventScroll:!0}))}function qn(){let e=_.value.query.get("connection")??"",t=j(null);return x(kn,[]),x(()=>{t.current!==e&&O.value.connection!==e&&(e||t.current!==null)&&ge({connection:e}),t.current=e},[e]),s`
    <div class=${`page split ${C.value?"with-panel":""}`} onKeyDown=${ce(Nn,C.value)}>
      <div class="main">
        <${xo} />
        <${No} />
        <${Ao} />
      </div>
      ${C.value&&s`<${Mn} message=${C.value} onClose=${Nn} />`}
    </div>`}var Dn={messages:{lines:[{colour:"--in"},{colour:"--out",dash:[6,3]}],columns:["received","sent"]},latency:{lines:[{colour:"--in"},{colour:"--out",dash:[6,3]}],columns:["p50","p99"],scale:"time"},connections:{lines:[{colour:"--accent"}],columns:["active"]}},On=e=>["time",...Dn[e].columns].map(t=>ot[t]);async function Po(e,t){let{draw:n}=await import("./chart-QYECZGJM.js");if(!t.current)return()=>{};let{lines:o,scale:r}=Dn[e],a=n(t.current,o,On(e),r),i=matchMedia("(prefers-color-scheme: dark)");i.addEventListener("change",a.repaint);let u=[xe(()=>{rt.value&&a.set(On(e))}),xe(()=>{Pt.value&&a.repaint()}),()=>i.removeEventListener("change",a.repaint),a.destroy];return()=>u.forEach(l=>l())}function Ct({which:e,label:t,empty:n}){let o=j(null);return x(()=>{let r=!1,a=()=>{};return Po(e,o).then(i=>{r?i():a=i},()=>{}),()=>{r=!0,a()}},[]),s`
    <div class="chart-box">
      <div class="chart" role="img" aria-label=${t} ref=${o}></div>
      ${n&&s`<p class="chart-empty muted">${n}</p>`}
    </div>`}var qe=({tone:e,name:t,value:n})=>s`<span class=${`key ${e}`}><i></i>${t} <b>${n}</b></span>`,Io=()=>{let[e,t]=[U.value.received,U.value.sent].map(G);return s`
    <section>
      <header><h2>Messages per second</h2><${qe} tone="in" name="in" value=${e} /><${qe} tone="out" name="out" value=${t} /></header>
      <${Ct} which="messages" label=${`Messages per second over five minutes; now ${e} in, ${t} out`} />
    </section>`};function jo({latency:e}){let[t,n]=[e?.p50_ms,e?.p99_ms].map(W),o=rt.value>0&&ot.p99.every(r=>r===null);return s`
    <section>
      <header>
        <h2 title="From the read that brings a message to the write of all that it causes; messages of the last ten seconds">Latency</h2>
        <${qe} tone="in" name="p50" value=${t} /><${qe} tone="out" name="p99" value=${n} />
      </header>
      <${Ct} which="latency" label=${`Time to answer a message over five minutes; now half take at most ${t}, 99 of 100 at most ${n}`}
        empty=${o&&"No message came in these minutes."} />
    </section>`}var Lo=({active:e})=>s`
  <section>
    <header><h2>Connections</h2><${qe} tone="accent" name="active" value=${e} /></header>
    <${Ct} which="connections" label=${`Connections over five minutes; now ${e}`} />
  </section>`,Bn=({now:e})=>s`
  <div class="charts">
    <${Io} />
    <${jo} latency=${e?.latency} />
    <${Lo} active=${c(e?.connections.active)} />
  </div>`;var qo=e=>e&&Object.values(e).reduce((t,n)=>t+n,0),we=({name:e,value:t,note:n,tone:o=""})=>s`
  <div class=${`figure ${o}`}><dt>${e}</dt><dd>${t}${n&&s`<small>${n}</small>`}</dd></div>`;function Oo({now:e}){let t=qo(e?.errors),n=e?.connections.rejected;return s`
    <dl class="figures">
      <${we} name="Active connections" value=${c(e?.connections.active)} note=${`${c(e?.connections.total)} in total`} />
      <${we} name="Rejected" value=${c(n)} note="handshakes" tone=${n?"warn":""} />
      <${we} name="Messages in" value=${G(U.value.received)} note=${`per s, ${c(e?.messages.received)} in total`} />
      <${we} name="Messages out" value=${G(U.value.sent)} note=${`per s, ${c(e?.messages.sent)} in total`} />
      <${we} name="Unanswered" value=${c(e?.unanswered)} note="no rule matched" />
      <${we} name="Errors" value=${c(t)} note=${t?"of the kinds below":t===0?"none so far":""} tone=${t?"bad":""} />
    </dl>`}var Do=e=>e.replaceAll("_"," ");function Bo({errors:e}){let t=Object.entries(e??{}).sort((n,o)=>o[1]-n[1]);return s`
    <section>
      <h2>Errors by kind</h2>
      ${t.length?s`<table class="plain"><tbody>${t.map(([n,o])=>s`
            <tr key=${n} class=${o?"":"idle"}><th scope="row">${Do(n)}</th><td class="number">${c(o)}</td></tr>`)}</tbody></table>`:s`<p class="muted">${e?"The server counts no kinds of errors.":"–"}</p>`}
    </section>`}function Ho({now:e}){let t=[["Version",e?.version??"–"],["Up for",J(e?.uptime_ms)],["Generation of the files",c(e?.generation)],["Rooms",s`<a href=${v("rooms")}>${c(e?.rooms)}</a>`],["Bytes in",L(e?.bytes.received)],["Bytes out",L(e?.bytes.sent)]];return s`
    <section>
      <h2>Server</h2>
      <table class="plain"><tbody>${t.map(([n,o])=>s`
        <tr key=${n}><th scope="row">${n}</th><td class="number">${o}</td></tr>`)}</tbody></table>
    </section>`}function Hn(){let e=q.value,t=e&&e.connections.total===0;return s`
    <div class="page scroll">
      <h1 class="visually-hidden">Overview</h1>
      <${Oo} now=${e} />
      ${t&&s`
        <${T} title="Nobody has connected yet. To be the first:"><${X} text=${ne(e)} /><//>`}
      <${Bn} now=${e} />
      <div class="columns"><${Bo} errors=${e?.errors} /><${Ho} now=${e} /></div>
    </div>`}var Fo=2e3,tt=200,zo=e=>[...e].sort((t,n)=>n.size-t.size||t.name.localeCompare(n.name)),Ko=({room:e,selected:t,params:n})=>s`
  <tr class=${t?"selected":""} aria-current=${t?"true":void 0}
      onClick=${o=>{o.target.closest("a")||te("rooms",e.name,n)}}>
    <td class="room-name"><a href=${v("rooms",e.name,n)} title=${d(e.name)}><bdi>${d(e.name)}</bdi></a></td>
    <td class="number room-size">${c(e.size)}</td>
    <td class="room-members"><bdi>${e.members.slice(0,8).map(d).join(", ")}${e.members.length>8?" …":""}</bdi></td>
  </tr>`,Wo=({rooms:e,item:t,params:n})=>{let[o,r]=m(tt);return s`
    <table class="rows rooms" aria-label="Rooms">
      <thead><tr><th scope="col" class="room-name">Room</th><th scope="col" class="number room-size">Members</th><th scope="col" class="room-members">Who</th></tr></thead>
      <tbody>${e.slice(0,o).map(a=>s`<${Ko} key=${a.name} room=${a} selected=${a.name===t} params=${n} />`)}</tbody>
    </table>
    ${e.length>o&&s`<button type="button" class="more" onClick=${()=>r(o+tt)}>show more (${c(e.length-o)} left)</button>`}`};function Uo({room:e}){let[t,n]=m(tt);return s`
    <ul class="members">${e.members.slice(0,t).map(o=>s`<li key=${o}><a href=${v("connections",o)}>${d(o)}</a></li>`)}</ul>
    ${e.members.length>t&&s`<button type="button" class="more" onClick=${()=>n(t+tt)}>show more (${c(e.members.length-t)} left)</button>`}`}function Yo({name:e,room:t,onClose:n}){let o=async(r,a)=>{let{delivered:i}=await Y(`/broadcast${F({room:e})}`,r,a);return i?`Delivered to ${f(i,"connection")}`:"Nobody is in this room any more"};return s`
    <${ue} title=${s`<bdi>${d(e)}</bdi>`} subject=${e} takeFocus onClose=${n}>
      ${!t&&s`<p class="gone" role="status">Nobody is in this room any more.</p>`}
      <${H} title="Broadcast to this room"><${pe} send=${o} action="Broadcast" label=${`Message to room ${e}`} /><//>
      ${t&&s`<${H} title=${f(t.size,"member")}><${Uo} room=${t} /><//>`}
      ${t&&s`<p class="links"><a href=${v("connections","",{q:/\s/.test(e)?"":`room:${e}`})}>Show them as connections</a></p>`}
    <//>`}function Vo({words:e}){return e?s`<${T} title="No room matches this filter."><button type="button" onClick=${()=>R("rooms")}>Clear the filter</button><//>`:s`
    <${T} title="There are no rooms. A room exists while a connection is in it; handlers put connections into rooms when they join. To connect:">
      <${X} text=${ne(q.value,(S.value.find(t=>t.kind.includes("room"))??S.value[0])?.path)} /><//>`}function Fn(e,t){te("rooms","",t),requestAnimationFrame(()=>document.querySelector(`a[href="${CSS.escape(v("rooms",e,t))}"]`)?.focus({preventScroll:!0}))}function zn(){let{data:e,error:t}=ee(l=>B("/rooms",l),Fo,[]),{item:n,query:o}=_.value,r=o.get("q")??"",a={q:r},i=zo(e?.rooms??[]),u=i.filter(l=>l.name.toLowerCase().includes(r.trim().toLowerCase()));return s`
    <div class=${`page split ${n?"with-panel":""}`} onKeyDown=${ce(()=>Fn(n,a),n)}>
      <div class="main">
        <div class="bar">
          <h1>Rooms</h1>
          <input type="search" class="grow" data-filter aria-label="Filter rooms" placeholder="Filter: name" value=${r}
            onInput=${l=>R("rooms",n,{q:l.currentTarget.value})} />
          <span class="muted">${e?r?`${c(u.length)} of ${c(i.length)}`:f(i.length,"room"):""}</span>
        </div>
        <${Q} error=${t} />
        <div class="table-box scroll">
          ${u.length>0&&s`<${Wo} rooms=${u} item=${n} params=${a} />`}
          ${e&&!u.length&&s`<${Vo} words=${r} />`}
        </div>
      </div>
      ${n&&s`<${Yo} key=${n} name=${n} room=${i.find(l=>l.name===n)} onClose=${()=>Fn(n,a)} />`}
    </div>`}var Wn={overview:["Overview",Hn],connections:["Connections",un],messages:["Messages",qn],handlers:["Handlers",$n],rooms:["Rooms",zn],try:["Try",dn]},Go=()=>s`
  <nav aria-label="Pages">
    ${Object.entries(Wn).map(([e,[t]])=>s`
      <a key=${e} href=${v(e)} aria-current=${_.value.page===e?"page":void 0}>${t}</a>`)}
  </nav>`;function Jo(){let e=q.value;if(!e)return s`<span class="status-text">Connected</span>`;let t=[`sockeye ${e.version}`,`up ${J(e.uptime_ms)}`,`${c(e.connections.active)} connected`,`${G(U.value.received)} in/s`,`${G(U.value.sent)} out/s`];return s`<span class="status-text"><b>Live</b>${t.map((n,o)=>s`<span key=${o}>${d(n)}</span>`)}</span>`}function Xo(){let{kind:e,since:t}=E.value;return M.value?s`<div class="status down"><span class="status-text"><b>Token needed</b></span>
      <button type="button" onClick=${()=>{M.value={...M.value,shut:!1}}}>Enter token</button></div>`:e==="live"?s`<div class="status"><${Jo} /></div>`:t?s`<div class="status down"><${jt} link=${E} connect=${he} /></div>`:s`<div class="status"><span class="status-text">Connecting</span></div>`}function Qo(e){if(e.key!=="/"||e.ctrlKey||e.metaKey||e.altKey||e.target.closest("input, textarea, select, dialog"))return;let t=document.querySelector("[data-filter]");t&&(e.preventDefault(),t.focus(),t.select())}function Zo(e){e.preventDefault(),document.getElementById("content").focus()}var Kn=p("");function er(){let{page:e}=_.value,[t,n]=Wn[e];return x(()=>{document.title=`${t} – sockeye`,Kn.value=t},[t]),s`
    <a class="skip" href="#content" onClick=${Zo}>Skip to the content</a>
    <header class="top">
      <a class="brand" href=${v("overview")} aria-label="sockeye, overview">sockeye</a>
      <${Go} />
      <div class="tools"><${Yt} /><${Ut} /><${It} /></div>
    </header>
    <${Xo} />
    <main id="content" tabindex="-1"><${n} key=${e} /></main>
    <p class="visually-hidden" aria-live="polite">${Kn.value}</p>
    <${At} />
    <${Vt} />`}var Un=document.getElementById("app");Un.replaceChildren();Tt(s`<${er} />`,Un);document.addEventListener("keydown",Qo);Ve((e,t)=>{t&&Z().catch(()=>{})});Zt();
