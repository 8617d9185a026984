import{a as n,b as ee,c as qt,d as v,e as he,f as ce,g as te,h as x,i as H,j as ue,k as Lt,l as It,m as jt,n as se,o as ne,p as F}from"./chunk-DBVPWGF5.js";import{b as O,c as V,d as at,e as it,f as Ot,g as He,h as Dt,i as Ft,j as Bt,k as ze}from"./chunk-DVNH5RDQ.js";import{b as Mt,c as m,d as S,e as Rt,f as j,g as X,j as p,k as Me,l as c,m as Be,n as $,o as Q,p as M,q as Z,r as _t,s as G,t as Re,u as _e,v as d,x as Nt,y as At,z as Pt}from"./chunk-ARN7RS6R.js";var Ht="sockeye.token",lt="",N=p(null),ct=null;function Ke(){try{return sessionStorage.getItem(Ht)??lt}catch{return lt}}function Vs(e){lt=e;try{sessionStorage.setItem(Ht,e)}catch{}}function zt(e){return e!==Ke()?Promise.resolve():(ct??=new Promise(t=>{N.value={refused:e!=="",resolve:t}}),ct)}function Kt(e){Vs(e);let{resolve:t}=N.value;N.value=null,ct=null,t()}function Wt(){let e=new TextEncoder().encode(Ke());return e.length?["sockeye.events",`sockeye.token.${btoa(String.fromCharCode(...e)).replaceAll("+","-").replaceAll("/","_").replace(/=+$/,"")}`]:["sockeye.events"]}var ut="/__mockforge/ws",Js=1e4,fe=class extends Error{constructor(t,s,o){super(t),this.status=s,this.body=o}},Xs=(e,t)=>typeof e?.error=="string"?e.error:`the server answered with status ${t}`;async function Qs(e,t,{body:s,type:o,signal:r}){let a={},i=Ke();i&&(a.Authorization=`Bearer ${i}`),o&&(a["Content-Type"]=o);let u=AbortSignal.timeout(Js),l,g;try{l=await fetch(ut+t,{method:e,headers:a,body:s,cache:"no-store",signal:r?AbortSignal.any([r,u]):u}),g=await l.text()}catch(b){throw r?.aborted?b:u.aborted?new fe("the server did not answer within 10 s",0):new fe("the server cannot be reached; is sockeye still running?",0)}return{response:l,text:g,used:i}}async function oe(e,t,s={}){for(;;){let{response:o,text:r,used:a}=await Qs(e,t,s);if(o.status===401){await zt(a);continue}let i=null;try{i=JSON.parse(r)}catch{if(o.ok)throw new fe("the server answered with something that is not JSON",o.status)}if(!o.ok)throw new fe(Xs(i,o.status),o.status,i);return{body:i,text:r}}}var z=async(e,t)=>(await oe("GET",e,{signal:t})).body,J=async(e,t,s)=>(await oe("POST",e,{body:t,type:s})).body,We=async e=>(await oe("DELETE",e)).body;function A(e){let t=Object.entries(e).filter(([,s])=>s!==""&&s!==null&&s!==void 0);return t.length?`?${new URLSearchParams(t)}`:""}var Ue=e=>`/connections/${encodeURIComponent(e)}`;var C=p([]);async function re(e){let t=await z("/handlers",e);return C.value=t.handlers,t}var Zs=/[ \t\n\r]*/y,en=/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y,tn=/true|false|null/y,sn=/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,dt=class{constructor(t){this.text=t,this.at=0,this.depth=0}take(t){t.lastIndex=this.at;let s=t.exec(this.text);return s?(this.at+=s[0].length,s[0]):null}skip(){this.take(Zs)}eat(t){return this.skip(),this.text[this.at]!==t?!1:(this.at+=1,!0)}must(t){this.eat(t)||this.fail(`expected “${t}”`)}fail(t){let s=this.at<this.text.length?`found “${this.text[this.at]}”`:"the text ends";throw new SyntaxError(`${t}, ${s} (character ${this.at+1})`)}string(){this.skip();let t=this.take(sn);return t===null&&this.fail("expected a string"),JSON.parse(t)}value(){this.skip();let t=this.text[this.at];if(t==="{")return this.nested(()=>this.object());if(t==="[")return this.nested(()=>this.array());if(t==='"')return{kind:"string",value:this.string()};let s=this.take(en);if(s!==null)return{kind:"number",text:s};let o=this.take(tn);return o===null&&this.fail("expected a value"),{kind:"word",text:o}}nested(t){if(this.depth+=1,this.depth>256)throw new SyntaxError("nested more than 256 levels deep");let s=t();return this.depth-=1,s}object(){let t=[];if(this.must("{"),this.eat("}"))return{kind:"object",entries:t};do{let s=this.string();this.must(":"),t.push([s,this.value()])}while(this.eat(","));return this.must("}"),{kind:"object",entries:t}}array(){let t=[];if(this.must("["),this.eat("]"))return{kind:"array",items:t};do t.push(this.value());while(this.eat(","));return this.must("]"),{kind:"array",items:t}}};function de(e){let t=new dt(e),s=t.value();return t.skip(),t.at<e.length&&t.fail("expected the end"),s}function Ye(e){try{return de(e)}catch{return null}}var be=(e,t)=>e.entries?.find(([s])=>s===t)?.[1];var Ge={text:{label:"Text",type:"text/plain; charset=utf-8",hint:"Sent as one text message, exactly as typed.",sample:"hello"},json:{label:"JSON",type:"application/json",hint:"Checked, then sent as typed in one text message.",sample:'{"type": "ping"}'},hex:{label:"Binary (hex)",type:"application/octet-stream",hint:"Two hex digits for each byte; spaces are ignored.",sample:"0a ff 00 3c"}},on={text:e=>({body:e}),json:e=>{if(!e.trim())return{error:"There is no JSON yet."};try{de(e)}catch(t){if(!t.message.startsWith(`nested more than ${256}`))return{error:`Not JSON: ${t.message}.`}}return{body:e}},hex:e=>{let{bytes:t,error:s}=Pt(e);return s?{error:`Not hex: ${s}.`}:{body:t}}};function rn(e,t,s){return e==="hex"&&s.body&&t.trim()?$(s.body.length,"byte"):Ge[e].hint}function ge({send:e,action:t="Send",label:s="Message"}){let o=X(),[r,a]=m("text"),[i,u]=m(""),[l,g]=m(!1),[b,y]=m(!1),[B,w]=m(null),I=on[r](i),Ee=I.error&&(l||i.trim())?I.error:null;async function h(k){if(k.preventDefault(),g(!0),!(I.error||b)){y(!0),w(null);try{w({ok:!0,text:await e(I.body,Ge[r].type)})}catch(rt){w({ok:!1,text:`Not sent: ${rt.message}`})}y(!1)}}let Y=k=>{a(k),g(!1),w(null)},Fe=k=>{k.key==="Enter"&&(k.ctrlKey||k.metaKey)&&h(k)};return n`
    <form class="composer" onSubmit=${h} noValidate>
      <fieldset class="choices">
        <legend class="visually-hidden">Kind of message</legend>
        ${Object.entries(Ge).map(([k,{label:rt}])=>n`
          <label key=${k}><input type="radio" name=${o} value=${k} checked=${r===k} onChange=${()=>Y(k)} />${rt}</label>`)}
      </fieldset>
      <label class="visually-hidden" for=${`${o}-text`}>${s}</label>
      <textarea id=${`${o}-text`} class="code" rows="4" spellcheck=${!1} autocomplete="off" placeholder=${Ge[r].sample} value=${i}
        aria-invalid=${!!Ee} aria-describedby=${`${o}-note`}
        onInput=${k=>{u(k.currentTarget.value),w(null)}} onKeyDown=${Fe}></textarea>
      <p id=${`${o}-note`} class=${Ee?"hint bad":"hint"} aria-live="polite">${Ee??rn(r,i,I)}</p>
      <div class="actions">
        <button type="submit" class="primary" disabled=${b}>${t}</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span role="status" class=${`result ${B?B.ok?"good":"bad":""}`}>${B?.text??""}</span>
      </div>
    </form>`}function Ve({title:e,onClose:t,children:s,wide:o=!1}){let r=j(null),a=X();return S(()=>{r.current.showModal()},[]),n`
    <dialog ref=${r} class=${o?"wide":""} aria-labelledby=${a} onClose=${t}>
      <header>
        <h2 id=${a}>${e}</h2>
        <button type="button" class="quiet" aria-label="Close dialog" onClick=${()=>r.current.close()}>×</button>
      </header>
      <div class="dialog-body">${s}</div>
    </dialog>`}var pt=p(!1),pe=p(null),Je=p(!1);async function an(){if(!Je.value){Je.value=!0;try{let{generation:e,warnings:t=[]}=await J("/reload");ee(`Reloaded, generation ${c(e)}`),pe.value=t.length?{title:$(t.length,"warning"),lead:"The new files are in force.",list:t}:null,re().catch(()=>{})}catch(e){e.status!==422?ee(`Not reloaded: ${e.message}`,"bad"):pe.value={title:"Not reloaded",lead:e.message,list:e.body?.mistakes??[]}}Je.value=!1}}var Ut=()=>n`
  <button type="button" disabled=${Je.value} onClick=${an} title="Read the files again; connections stay">Reload</button>`,Yt=()=>n`
  <button type="button" onClick=${()=>{pt.value=!0}}>Broadcast</button>`,ln=({mistake:e})=>{let{message:t,place:s,remedy:o}=typeof e=="string"?{message:e}:e;return n`
    <li>
      <p><${v} text=${t} most=${400} /></p>
      ${o&&n`<p class="remedy"><${v} text=${o} most=${400} /></p>`}
      ${s&&n`<${ce} place=${s} />`}
    </li>`},cn=()=>pe.value&&n`
  <${Ve} title=${pe.value.title} wide onClose=${()=>{pe.value=null}}>
    <p class="failure-lead">${Be(d(pe.value.lead))}</p>
    <ol class="mistakes">${pe.value.list.map((e,t)=>n`<${ln} key=${t} mistake=${e} />`)}</ol>
  <//>`,un={all:"All connections",path:"A path",room:"A room"};function dn(){let e=X(),[t,s]=m("all"),[o,r]=m(""),a=async(i,u)=>{if(t!=="all"&&!o.trim())throw new Error(`name the ${t} first`);let{delivered:l}=await J(`/broadcast${t==="all"?"":A({[t]:o.trim()})}`,i,u);return l?`Delivered to ${$(l,"connection")}`:"Nobody was there to get it"};return n`
    <${Ve} title="Broadcast" wide onClose=${()=>{pt.value=!1}}>
      <div class="target">
        <fieldset class="choices">
          <legend class="visually-hidden">To whom</legend>
          ${Object.entries(un).map(([i,u])=>n`
            <label key=${i}><input type="radio" name=${e} value=${i} checked=${t===i} onChange=${()=>s(i)} />${u}</label>`)}
        </fieldset>
        <input class="grow code" aria-label=${t==="room"?"Name of the room":"Path"} list=${`${e}-paths`} disabled=${t==="all"} autocomplete="off"
          placeholder=${{all:"",path:"/chat",room:"lobby"}[t]} value=${t==="all"?"":o} onInput=${i=>r(i.currentTarget.value)} />
        <datalist id=${`${e}-paths`}>${t==="path"&&C.value.map((i,u)=>n`<option key=${u} value=${i.path} />`)}</datalist>
      </div>
      <${ge} send=${a} action="Broadcast" />
    <//>`}function pn(){let[e,t]=m(""),s=N.value.refused;return n`
    <${Ve} title="Token" onClose=${()=>{N.value&&(N.value={...N.value,shut:!0})}}>
      <form class="token" onSubmit=${r=>{r.preventDefault(),e.trim()&&Kt(e.trim())}}>
        <p>This server wants its admin token. It is kept for this tab only.</p>
        <label for="token">Admin token</label>
        <input id="token" type="password" class="code" autofocus autocomplete="off" value=${e} aria-describedby="token-note" aria-invalid=${s}
          onInput=${r=>t(r.currentTarget.value)} />
        <p id="token-note" class=${s?"hint bad":"hint"} role="status">${s?"The server did not accept that token.":"The one that sockeye was started with."}</p>
        <div class="actions"><button type="submit" class="primary">Continue</button></div>
      </form>
    <//>`}var Gt=()=>n`
  ${pt.value&&n`<${dn} />`}
  <${cn} />
  ${N.value&&!N.value.shut&&n`<${pn} />`}`;var ht=500,mn=15e3,$n=1600,R=p({kind:"connecting"}),Vt=new Set,Xe=e=>Vt.add(e),me=null,ve=ht,Ne=0,mt=!1,hn=()=>`${location.protocol==="https:"?"wss:":"ws:"}//${location.host}${ut}`;function Jt(e){me?.readyState===WebSocket.OPEN&&me.send(JSON.stringify(e))}function fn(e){let t;try{t=JSON.parse(e.data)}catch{return}let s=t.type==="hello";s&&(ve=ht,R.value={kind:"live"}),He(t.stats),t.closed?.length&&Bt(t.closed),(t.opened?.length||t.closed?.length)&&(ze.value+=1);for(let o of Vt)o(t,s)}function $t(){let e=ve*(.8+Math.random()*.4);ve=Math.min(ve*2,mn),R.value={kind:"waiting",retryAt:Date.now()+e,since:R.value.since??Date.now()},clearTimeout(Ne),Ne=setTimeout(ye,e)}async function Xt(e){if(Dt(),e)return $t();try{He(await z("/stats"))}catch{return $t()}return ve>ht?$t():bn()}function bn(){ve*=2,clearTimeout(Ne),Ne=setTimeout(ye,50)}function ye(){clearTimeout(Ne),Qt(),R.value={...R.value,kind:"connecting"};let e=new WebSocket(hn(),Wt()),t=!1;me=e,e.onopen=()=>{t=!0},e.onmessage=fn,e.onclose=()=>{me===e&&(me=null,Xt(t))}}function Qt(){let e=me;me=null,e?.close()}async function gn(){if(!(mt||R.value.kind!=="live"||performance.now()-Ot.at<$n)){mt=!0;try{He(await z("/stats"))}catch{R.value.kind==="live"&&(Qt(),Xt(!0))}mt=!1}}function Zt(){ye(),setInterval(gn,1e3),addEventListener("online",()=>{R.value.kind==="waiting"&&ye()})}function K(e,t,s){let[o,r]=m({data:null,error:null}),a=j(()=>{});return S(()=>{let i=new ft(e,t,r);a.current=()=>i.soon();let u=Me(()=>{R.value.kind==="live"&&i.soon()}),l=()=>{document.hidden||i.soon()};return document.addEventListener("visibilitychange",l),i.turn(),()=>{i.stop(),u(),document.removeEventListener("visibilitychange",l)}},s),{...o,refresh:()=>a.current()}}var es=200,ft=class{constructor(t,s,o){this.load=t,this.everyMs=s,this.tell=o,this.abort=new AbortController,this.timer=0,this.busy=!1,this.wanted=!1,this.startedAt=-1/0}soon(){if(this.busy){this.wanted=!0;return}this.later(Math.max(0,this.startedAt+es-performance.now()))}later(t){clearTimeout(this.timer),this.timer=setTimeout(()=>this.turn(),t)}async turn(){if(!(this.busy||this.abort.signal.aborted)&&!(document.hidden||R.value.kind==="waiting")){this.busy=!0,this.wanted=!1,this.startedAt=performance.now();try{let t=await this.load(this.abort.signal);this.abort.signal.aborted||this.tell({data:t,error:null})}catch(t){this.abort.signal.aborted||this.tell(s=>({...s,error:t}))}this.busy=!1,this.later(this.wanted?es:this.everyMs)}}stop(){clearTimeout(this.timer),this.abort.abort()}};var vn=["overview","connections","messages","handlers","rooms","sinks","try"],yn=e=>{try{return decodeURIComponent(e)}catch{return e}};function bt(e){let[t,s=""]=e.replace(/^#\/?/,"").split("?",2),[o,...r]=t.split("/");return{page:vn.includes(o)?o:"overview",item:r.length?yn(r.join("/")):"",query:new URLSearchParams(s)}}function f(e,t="",s={}){let o=new URLSearchParams(Object.entries(s).filter(([,r])=>r)).toString();return`#/${e}${t?`/${encodeURIComponent(t)}`:""}${o?`?${o}`:""}`}var _=p(bt(location.hash));addEventListener("hashchange",()=>{_.value=bt(location.hash)});var W=(...e)=>{location.hash=f(...e)};function T(...e){history.replaceState(null,"",f(...e)),_.value=bt(location.hash)}var wn="ws://127.0.0.1:8080",kn=(e=O.value)=>(e?.urls?.[0]??wn).replace(/\/$/,""),Ae=e=>e.replace(/[:{]([A-Za-z_]\w*)[^/]*/g,"$1").replaceAll("*","any"),ae=(e,t="/")=>`npx wscat -c "${kn(e??void 0)}${Ae(t)}"`;var ts=100,xn=2,Sn=40,ss=e=>e.kind==="object"?e.entries:e.items.map((t,s)=>[s,t]);function Cn({node:e}){return e.kind==="string"?n`<span class="json-string">"<${v} text=${e.value} most=${300} />"</span>`:n`<span class=${`json-${e.kind}`}>${e.text}</span>`}var ns=({name:e})=>n`
  <span class=${typeof e=="number"?"json-index":"json-key"}><${v} text=${e} most=${80} /></span><span class="json-colon">: </span>`;function Tn({name:e,node:t,level:s}){let o=ss(t),[r,a]=m(s<xn&&o.length<=Sn),[i,u]=m(ts),[l,g]=t.kind==="object"?"{}":"[]",b=t.kind==="object"?$(o.length,"member"):$(o.length,"item"),y=`${e===void 0?"value":e}, ${b}`;return n`
    <button type="button" class="json-toggle" aria-expanded=${r} aria-label=${y} onClick=${()=>a(!r)}></button>
    ${e!==void 0&&n`<${ns} name=${e} />`}
    <span class="json-bracket">${l}</span>
    ${!r&&n`<span class="json-summary">${b}</span><span class="json-bracket">${g}</span>`}
    ${r&&n`
      <ul>
        ${o.slice(0,i).map(([B,w],I)=>n`<${os} key=${I} name=${B} node=${w} level=${s+1} />`)}
      </ul>
      ${o.length>i&&n`
        <button type="button" class="more" onClick=${()=>u(i+ts*10)}>show more (${c(o.length-i)} left)</button>`}
      <span class="json-bracket json-end">${g}</span>`}`}function os({name:e,node:t,level:s}){let o=t.kind==="object"||t.kind==="array";if(o&&ss(t).length)return n`<li><${Tn} name=${e} node=${t} level=${s} /></li>`;let r=t.kind==="object"?"{}":"[]";return n`
    <li class="json-leaf">
      ${e!==void 0&&n`<${ns} name=${e} />`}
      ${o?n`<span class="json-bracket">${r}</span>`:n`<${Cn} node=${t} />`}
    </li>`}var ie=({node:e,label:t})=>n`
  <ul class="json" aria-label=${t}><${os} node=${e} level=${0} /></ul>`;var En=1e3,rs=123,vt={1e3:"normal",1001:"going away",1002:"protocol error",1003:"unsupported data",1007:"invalid data",1008:"policy violation",1009:"too big",1010:"extension missing",1011:"internal error",1012:"restart",1013:"try again later",1014:"bad gateway"};function Mn(e,t){let s=Number(e),o=Object.hasOwn(vt,e)||s>=3e3&&s<=4999;if(!/^\d+$/.test(e)||!o)return"Codes are 1000 to 1003, 1007 to 1014, or 3000 to 4999.";let r=new TextEncoder().encode(t).length;return r>rs?`The reason has ${r} bytes; ${rs} fit into a Close frame.`:null}async function Rn(e,t){let{body:s,text:o}=await oe("GET",Ue(e),{signal:t});return{c:s,state:_n(o)}}function _n(e){try{return be(de(e),"state")??null}catch{return null}}var Nn=e=>e.map((t,s)=>n`${s?", ":""}<a key=${t} href=${f("rooms",t)}><${v} text=${t} most=${60} /></a>`);function An(e){return[["Path",n`<${v} text=${e.path} />`],["Route",n`<a href=${f("handlers","",{q:e.route})}><${v} text=${e.route} /></a>`],["Remote",n`${d(e.remote_addr)}${e.tls?", TLS":""}`],["Connected",`${_e(e.connected_at)}, ${Z(e.duration_ms)} ago`],["Last activity",_e(e.last_activity_at)],["In",`${$(e.messages_received,"message")}, ${M(e.bytes_received)}`],["Out",`${$(e.messages_sent,"message")}, ${M(e.bytes_sent)}`],["Waiting to be sent",c(e.pending_messages)],["Subprotocol",e.subprotocol===null?"none":d(e.subprotocol)],["Rooms",e.rooms.length?Nn(e.rooms):"none"]]}var gt=({values:e,none:t})=>{let s=Object.entries(e??{});return s.length?n`<${ue} rows=${s.map(([o,r])=>[n`<${v} text=${o} most=${60} />`,n`<${v} text=${r} />`])} />`:n`<p class="muted">${t}</p>`};function Pn({id:e,done:t}){let s=X(),[o,r]=m("1000"),[a,i]=m(""),[u,l]=m(!1),[g,b]=m(null),y=Mn(o,a);async function B(w){if(w.preventDefault(),!(y||u)){l(!0),b(null);try{await We(Ue(e)+A({code:o,reason:a})),ee(`Closed ${e} with ${o}`),t()}catch(I){b(`Not closed: ${I.message}`)}l(!1)}}return n`
    <form class="close-form" onSubmit=${B} noValidate>
      <label for=${`${s}-code`}>Code</label>
      <input id=${`${s}-code`} class="short" inputmode="numeric" autocomplete="off" list=${`${s}-codes`} value=${o}
        aria-invalid=${!!y} aria-describedby=${`${s}-hint`} onInput=${w=>r(w.currentTarget.value.trim())} />
      <datalist id=${`${s}-codes`}>${Object.entries(vt).map(([w,I])=>n`<option key=${w} value=${w}>${I}</option>`)}</datalist>
      <label for=${`${s}-reason`}>Reason</label>
      <input id=${`${s}-reason`} class="grow" autocomplete="off" value=${a} onInput=${w=>i(w.currentTarget.value)} />
      <button type="submit" class="danger" disabled=${u}>Close connection</button>
      <p id=${`${s}-hint`} class=${y||g?"hint bad":"hint"} aria-live="polite">${y??g??vt[o]??"a code of the application"}</p>
    </form>`}function as({id:e}){let t=Ft.get(e);return n`
    <p class="gone" role="status">${t?`This connection is gone: ${d(t)}.`:"This connection is gone."}</p>`}function qn({id:e,c:t,state:s,gone:o,refresh:r}){let a=async(i,u)=>{let l=await J(`${Ue(e)}/send`,i,u);return r(),`${$(l.bytes,"byte")} sent`};return n`
    ${o&&n`<${as} id=${e} />`}
    <${ue} rows=${An(t)} />
    <p class="links"><a href=${f("messages","",{connection:e})}>Messages of this connection</a></p>
    ${!o&&n`
      <${F} title="Send a message"><${ge} send=${a} action="Send" label=${`Message to ${e}`} /><//>
      <${F} title="Close"><${Pn} id=${e} done=${r} /><//>`}
    <${F} title="State">
      ${s&&s.text!=="null"?n`<${ie} node=${s} label="State" />`:n`<p class="muted">This connection keeps no state.</p>`}
    <//>
    <${F} title="Parameters of the path"><${gt} values=${t.params} none="The route has none." /><//>
    <${F} title="Query"><${gt} values=${t.query} none="The address had none." /><//>
    <${F} title="Headers"><${gt} values=${t.headers} none="None were kept." /><//>`}function is({id:e,onClose:t}){let{data:s,error:o,refresh:r}=K(i=>Rn(e,i),En,[e]),a=o?.status===404;return n`
    <${ne} title=${n`<span class="mono">${d(e)}</span>`} tools=${n`<${he} text=${e} what="the id" />`} subject=${e} takeFocus onClose=${t}>
      ${!a&&n`<${H} error=${o} />`}
      ${s?n`<${qn} id=${e} c=${s.c} state=${s.state} gone=${a} refresh=${r} />`:a&&n`<${as} id=${e} />`}
    <//>`}var $e=100,Ln=1e3,In=[{name:"Id",key:"id",className:"c-id"},{name:"Path",key:"path",className:"c-path"},{name:"Remote",key:"remote_addr",className:"c-remote"},{name:"Age",key:"connected_at",turned:!0,className:"c-age number"},{name:"In",key:"messages_received",className:"c-count number"},{name:"Out",key:"messages_sent",className:"c-count number"},{name:"Rooms",className:"c-rooms"}];function jn(e){let t=[],s={q:"",path:"",room:""};for(let o of e.trim().split(/\s+/)){let[,r,a]=/^(path|room):(.+)$/.exec(o)??[];r?s[r]=a:o&&t.push(o)}return s.q=t.join(" "),s}function On(){let{query:e,item:t}=_.value;return{item:t,q:e.get("q")??"",sort:e.get("sort")??"",page:Math.max(0,Number.parseInt(e.get("page")??"1",10)-1||0)}}var le=({item:e,q:t,sort:s,page:o})=>["connections",e,{q:t,sort:s,page:o?String(o+1):""}];function Dn({column:e,now:t}){let{name:s,key:o,turned:r,className:a}=e;if(!o)return n`<th scope="col" class=${a}>${s}</th>`;let i=t.sort.replace(/^-/,""),u=t.sort.startsWith("-")!==!!r,l=i===o,b=a.includes("number")&&!r?`-${o}`:o,y=t.sort.startsWith("-")?o:`-${o}`,B=l?y:b;return n`
    <th scope="col" class=${a} aria-sort=${l?u?"descending":"ascending":"none"}>
      <button type="button" onClick=${()=>T(...le({...t,sort:B,page:0}))}>
        ${s}<span class="arrow" aria-hidden="true">${l?u?"▾":"▴":""}</span>
      </button>
    </th>`}var Fn=({c:e,now:t})=>n`
  <tr class=${e.id===t.item?"selected":""} aria-current=${e.id===t.item?"true":void 0}
      onClick=${s=>{s.target.closest("a")||W(...le({...t,item:e.id}))}}>
    <td class="c-id"><a href=${f(...le({...t,item:e.id}))} data-row=${e.id}>${d(e.id)}</a></td>
    <td class="c-path" title=${d(e.path)}><bdi>${d(e.path)}</bdi></td>
    <td class="c-remote">${d(e.remote_addr)}</td>
    <td class="c-age number">${Z(e.duration_ms)}</td>
    <td class="c-count number" title=${M(e.bytes_received)}>${c(e.messages_received)}</td>
    <td class="c-count number" title=${M(e.bytes_sent)}>${c(e.messages_sent)}</td>
    <td class="c-rooms" title=${e.rooms.map(d).join(", ")}><bdi>${e.rooms.map(d).join(", ")}</bdi></td>
  </tr>`;function Bn(e){let t={ArrowDown:1,ArrowUp:-1}[e.key];if(!t||!e.target.dataset?.row)return;let s=[...e.currentTarget.querySelectorAll("a[data-row]")];s[s.indexOf(e.target)+t]?.focus(),e.preventDefault()}function Hn({now:e}){return e.q?n`<${x} title="No connection matches this filter.">
      <button type="button" onClick=${()=>T(...le({...e,q:"",page:0}))}>Clear the filter</button><//>`:n`
    <${x} title="Nobody is connected. To connect from a terminal:">
      <${te} text=${ae(O.value,C.value[0]?.path)} /><//>`}function zn({now:e,total:t,known:s}){let o=Math.max(1,Math.ceil(t/$e)),r=e.page*$e,a=i=>T(...le({...e,page:i}));return n`
    <div class="pager" role="group" aria-label="Pages">
      <span class="muted">${t?`${c(Math.min(r+1,t))}–${c(Math.min(r+$e,t))} of ${c(t)}`:s&&"none"}</span>
      <button type="button" aria-label="Previous page" disabled=${e.page===0} onClick=${()=>a(e.page-1)}>‹</button>
      <button type="button" aria-label="Next page" disabled=${e.page>=o-1} onClick=${()=>a(e.page+1)}>›</button>
    </div>`}function Kn({rows:e,now:t}){return n`
    <div class="table-box scroll">
      <table class="rows connections" aria-label="Connections" onKeyDown=${Bn}>
        <thead><tr>${In.map(s=>n`<${Dn} key=${s.name} column=${s} now=${t} />`)}</tr></thead>
        <tbody>${e.map(s=>n`<${Fn} key=${s.id} c=${s} now=${t} />`)}</tbody>
      </table>
      ${!e.length&&n`<${Hn} now=${t} />`}
    </div>`}function ls(e){let t=CSS.escape(e.item);W(...le({...e,item:""})),requestAnimationFrame(()=>document.querySelector(`a[data-row="${t}"]`)?.focus({preventScroll:!0}))}function cs(){let e=On(),t=ze.value,s={...jn(e.q),sort:e.sort,limit:$e,offset:e.page*$e},o=A(s),{data:r,error:a,refresh:i}=K(g=>z(`/connections${o}`,g),Ln,[o]),u=j(!0);S(()=>{u.current||i(),u.current=!1},[t]);let l=r?.count??0;return S(()=>{r&&e.page&&e.page*$e>=l&&T(...le({...e,page:Math.max(0,Math.ceil(l/$e)-1)}))},[l,e.page]),n`
    <div class=${`page split ${e.item?"with-panel":""}`} onKeyDown=${se(()=>ls(e),e.item)}>
      <div class="main">
        <div class="bar">
          <h1>Connections</h1>
          <input type="search" class="grow" data-filter aria-label="Filter connections" placeholder="Filter: id, path, address, room:name, path:/…"
            value=${e.q} onInput=${g=>T(...le({...e,q:g.currentTarget.value,page:0}))} />
          <${zn} now=${e} total=${l} known=${!!r} />
        </div>
        <${H} error=${a} />
        ${r&&n`<${Kn} rows=${r.connections} now=${e} />`}
      </div>
      ${e.item&&n`<${is} key=${e.item} id=${e.item} onClose=${()=>ls(e)} />`}
    </div>`}var P=p({path:"",message:""}),we=p(null);function Wn(e,t){return e.number===t?{tone:"good",word:"answers"}:e.matches?{tone:"",word:t!==null&&e.number>t?"would match, too late":"matches"}:{tone:"idle",word:"no match"}}function Un({rule:e,answeredBy:t}){let{tone:s,word:o}=Wn(e,t);return n`
    <li class=${`try-rule ${s}`} aria-current=${e.number===t?"true":void 0}>
      <span class="number">${e.number}</span>
      <div>
        <p class="try-line"><code><${v} text=${e.pattern} most=${200} /></code><span class="muted">${e.kind}</span>${e.place&&n`<${ce} place=${e.place} />`}</p>
        <p class="try-reason"><b>${o}</b>${e.reason?n`: <${v} text=${e.reason} most=${400} />`:""}${e.note?n`<small>${d(e.note)}</small>`:""}</p>
      </div>
    </li>`}function Yn({text:e}){let t=/^\s*[[{]/.test(e)?Ye(e):null;return n`
    <div class="try-answer">
      <pre class="raw"><${v} text=${e} most=${4e3} multiline /></pre>
      <${he} text=${e} what="the answer" />
      ${t&&n`<details><summary>As a tree</summary><${ie} node=${t} label="Answer" /></details>`}
    </div>`}function Gn({answered_by:e,answers:t,rules:s,forwarded:o}){return e!==null?`Rule ${e} answers${t.length?"":" with nothing"}`:o?"The message goes on to the server behind":t.length?"The handler answers without a rule":s.length?"No rule answers":"This handler has no rules"}function Vn({answer:e}){let{route:t,answered_by:s,rules:o,answers:r,script:a}=e;return n`
    <div class="try-result">
      <h2 role="status">${Gn(e)} <span class="muted">on route <span class="mono">${d(t)}</span></span></h2>
      ${a&&n`<p class="note">This route runs a script. Scripts are not run here, so the real answer may differ.</p>`}
      ${r.length>0&&n`<h3>${r.length===1?"It would send":`It would send ${$(r.length,"message")}`}</h3>`}
      ${r.map((i,u)=>n`<${Yn} key=${u} text=${i} />`)}
      ${o.length>0&&n`<h3>Rules, in their order</h3>
        <ol class="try-rules">${o.map(i=>n`<${Un} key=${i.number} rule=${i} answeredBy=${s} />`)}</ol>`}
    </div>`}var Jn=({error:e})=>n`
  <div class="try-result">
    <p class="failure" role="alert">${Be(d(e))}</p>
    ${C.value.length>0&&n`<p class="muted">Routes: ${C.value.slice(0,20).map((t,s)=>n`${s?", ":""}<button type="button" class="place" key=${s}
      onClick=${()=>{P.value={...P.value,path:Ae(t.path)}}}>${d(t.path)}</button>`)}</p>`}
  </div>`;async function Xn(){let{path:e,message:t}=P.value;try{let s=await J("/try",JSON.stringify({path:e,message:t}),"application/json");we.value={path:e,message:t,answer:s}}catch(s){we.value={error:s.message}}}function Qn(){let[e,t]=m(!1),s=async l=>{l.preventDefault(),!e&&(t(!0),await Xn(),t(!1))},o=l=>{l.key==="Enter"&&(l.ctrlKey||l.metaKey)&&s(l)},r=l=>{P.value={...P.value,...l}},{path:a,message:i}=P.value,u=we.value?.answer&&(we.value.path!==a||we.value.message!==i);return n`
    <form class="try-form" onSubmit=${s}>
      <label for="try-path">Path</label>
      <input id="try-path" class="code" list="try-paths" required spellcheck=${!1} autocomplete="off" placeholder="/chat" value=${a} onInput=${l=>r({path:l.currentTarget.value})} />
      <datalist id="try-paths">${C.value.map((l,g)=>n`<option key=${g} value=${Ae(l.path)}>${l.kind}</option>`)}</datalist>
      <label for="try-message">Message</label>
      <textarea id="try-message" class="code" rows="12" spellcheck=${!1} placeholder='{"type": "ping"}' value=${i}
        onInput=${l=>r({message:l.currentTarget.value})} onKeyDown=${o}></textarea>
      <div class="actions">
        <button type="submit" class="primary" disabled=${e}>Try</button>
        <kbd class="wide-only">Ctrl Enter</kbd>
        <span class="muted">${u?"Changed since the result was made.":"Nothing is sent to anybody."}</span>
      </div>
    </form>`}function us(){S(()=>{re().then(()=>{let[t]=C.value;!P.value.path&&t&&(P.value={...P.value,path:Ae(t.path)})},()=>{})},[]);let e=we.value;return n`
    <div class="page main">
      <div class="bar"><h1>Try a message</h1></div>
      <div class="try scroll">
        <${Qn} />
        <div>
          ${!e&&n`<${x} title="Choose a path, paste a message and press Try."><p class="muted">You see which rule would answer, why each other one would not, and what would be sent.</p><//>`}
          ${e?.error&&n`<${Jn} error=${e.error} />`}
          ${e?.answer&&n`<${Vn} answer=${e.answer} />`}
        </div>
      </div>
    </div>`}var Zn=2e3,ds=(e,t)=>e&&t?`${e.replace(/:\d+(:\d+)?$/,"")}:${t}`:null;function ps(e){return[e.when&&"only when its condition holds",e.answers===0?"no answer":e.answers>1&&`${c(e.answers)} answers`,e.continue&&"goes on to the next rules"].filter(Boolean).join(", ")}var eo=({rule:e,place:t})=>n`
  <tr class=${e.hits?"":"idle"}>
    <td class="number r-number">${e.number}</td>
    <td class="r-pattern"><code><${v} text=${e.pattern} most=${200} /></code>${ps(e)&&n`<small>${ps(e)}</small>`}</td>
    <td class="r-kind">${e.kind}</td>
    <td class="r-place">${(e.place??ds(t,e.line))&&n`<${ce} place=${e.place??ds(t,e.line)} />`}</td>
    <td class="number r-hits">${c(e.hits)}</td>
  </tr>`,to=({h:e})=>n`
  <table class="rows rules" aria-label=${`Rules of ${e.path}`}>
    <thead><tr><th scope="col" class="number r-number">#</th><th scope="col" class="r-pattern">Pattern</th><th scope="col" class="r-kind">Kind</th>
      <th scope="col" class="r-place">Place</th><th scope="col" class="number r-hits">Hits</th></tr></thead>
    <tbody>${e.rules.map(t=>n`<${eo} key=${t.number} rule=${t} place=${e.place} />`)}</tbody>
  </table>`,so=({kind:e,interval_ms:t,sent:s})=>`${e==="broadcast"?"Broadcast to all":"To each connection"} every ${_t(t)}: ${c(s)} sent`,ms=({name:e,all:t})=>t&&n`
  <span class="took" title=${`${e}, ${$(t.count,"time")} since the start: half took at most ${G(t.p50_ms)}, 90 of 100 at most ${G(t.p90_ms)}, 99 at most ${G(t.p99_ms)}`}>
    ${e}: p50 <b>${G(t.p50_ms)}</b>, p90 <b>${G(t.p90_ms)}</b>, p99 <b>${G(t.p99_ms)}</b></span>`,no=({h:e})=>e.kind.startsWith("websocket")&&n`
  <p class="latency muted">${e.latency?n`<${ms} name="Messages" all=${e.latency} />`:"No messages since the start."}<${ms} name="Scripts" all=${e.script_latency} /></p>`,oo=({h:e})=>n`
  <article class="handler">
    <header>
      <h2><bdi>${d(e.path)}</bdi></h2>
      <span class="muted">${d(e.kind)}${e.host?`, host ${d(e.host)}`:""}</span>
      <${ce} place=${e.place} />
      <span class="spacer"></span>
      <a href=${f("connections","",{q:`path:${e.path}`})}>${$(e.connections,"connection")}</a>
      <a href=${f("try")} onClick=${()=>{P.value={...P.value,path:e.path}}}>Try a message</a>
    </header>
    <${no} h=${e} />
    ${e.rules.length?n`<${to} h=${e} />`:n`<p class="muted">No rules.</p>`}
    ${e.timers.length>0&&n`<ul class="timers">${e.timers.map((t,s)=>n`<li key=${s}>${so(t)}</li>`)}</ul>`}
    ${e.notes.map((t,s)=>n`<p class="note" key=${s}><${v} text=${t} most=${400} /></p>`)}
  </article>`,ro=(e,t)=>!t||[e.path,e.kind,e.place,e.host??"",...e.rules.map(s=>s.pattern)].some(s=>s.toLowerCase().includes(t));function $s(){let{data:e,error:t}=K(re,Zn,[]),s=_.value.query.get("q")??"",o=e?.handlers??C.value,r=o.filter(a=>ro(a,s.trim().toLowerCase()));return n`
    <div class="page main">
      <div class="bar">
        <h1>Handlers</h1>
        <input type="search" class="grow" data-filter aria-label="Filter handlers" placeholder="Filter: path, kind, file, pattern"
          value=${s} onInput=${a=>T("handlers","",{q:a.currentTarget.value})} />
        <span class="muted">${s?`${c(r.length)} of ${c(o.length)}`:$(o.length,"handler")}</span>
      </div>
      <div class="scroll list">
        <${H} error=${t} />
        ${r.map((a,i)=>n`<${oo} key=${`${a.host} ${a.path} ${i}`} h=${a} />`)}
        ${e&&!r.length&&(o.length?n`<${x} title="No handler matches this filter."><button type="button" onClick=${()=>T("handlers")}>Clear the filter</button><//>`:n`<${x} title="The files define no WebSocket routes. Add one, save, and press Reload."><pre class="raw">${ao}</pre><//>`)}
      </div>
    </div>`}var ao=`- websocket:
    path: /chat
    on-message:
      - pattern: ping
        response: pong`;var hs=e=>(e.text??e.base64??"").length,Pe=class e{constructor(t=[]){this.items=t,this.head=0}get length(){return this.items.length-this.head}at(t){return this.items[this.head+t]}push(t){this.items.push(t)}shift(){let t=this.items[this.head];return this.items[this.head]=void 0,this.head+=1,this.head>1024&&this.head*2>this.items.length&&(this.items=this.items.slice(this.head),this.head=0),t}copy(){return new e(this.items.slice(this.head))}clear(){this.items=[],this.head=0}},qe=class{constructor(t=2e4,s=48e6){this.capacity=t,this.capacityChars=s,this.fifo=new Pe,this.chars=0,this.next=0,this.dropped=0}get first(){return this.next-this.fifo.length}push(t){for(t.n=this.next,this.next+=1,this.chars+=hs(t),this.fifo.push(t);this.fifo.length>this.capacity||this.chars>this.capacityChars&&this.fifo.length>1;)this.chars-=hs(this.fifo.shift()),this.dropped+=1}clear(){this.fifo.clear(),this.chars=0,this.dropped=0}},io=()=>new Promise(e=>{setTimeout(e,0)}),bs=()=>!0,Qe=class{constructor(t){this.log=t,this.test=bs,this.fifo=new Pe,this.seen=t.next,this.run=0,this.building=!1}get length(){return this.fifo.length}at(t){return this.fifo.at(t)}update(){if(this.building)return 0;let{log:t}=this;for(let s=Math.max(this.seen,t.first);s<t.next;s+=1){let o=t.fifo.at(s-t.first);this.test(o)&&this.fifo.push(o)}return this.seen=t.next,fs(this.fifo,t.first)}async rebuild(t,s=this.log){this.run+=1;let o=this.run;this.building=!0,this.log=s,this.test=t;let r=new Pe,a=s.first;for(;a<s.next;){let i=performance.now()+6;if(a=lo(s,a,t,r,i),a>=s.next)break;if(await io(),o!==this.run)return!1}return fs(r,s.first),this.fifo=r,this.seen=a,this.building=!1,!0}};function lo(e,t,s,o,r){let a=Math.max(t,e.first);for(;a<e.next;){let i=e.fifo.at(a-e.first);if(s(i)&&o.push(i),a+=1,a%32===0&&performance.now()>r)break}return a}function fs(e,t){let s=0;for(;e.length&&e.at(0).n<t;)e.shift(),s+=1;return s}var co=e=>e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&");function gs({direction:e,path:t,connection:s,text:o}){let r=o?new RegExp(co(o),"i"):null;return!e&&!t&&!s&&!r?bs:a=>(!e||a.direction===e)&&(!t||a.path.includes(t))&&(!s||a.connection===s)&&(!r||r.test(a.text??""))}function vs(e){let t=new qe(e.capacity,e.capacityChars);return t.fifo=e.fifo.copy(),t.next=e.next,t}var q=new qe,st=p(0),Ie=p(0),xe=p(null),Le=new Set,uo=200,et=!1,tt=0,yt=0,ke=null,Ze=!1;function po(){if(Ze)return;Ze=!0;let e=()=>{Ze&&(Ze=!1,st.value+=1)};requestAnimationFrame(e),setTimeout(e,200)}function wt(e){if(ke){ke.push(e);return}for(let t of e)t.seq<=tt||(tt=t.seq,Le.size<uo&&Le.add(t.path),q.push(t));po()}async function ys(){if(ke)return;ke=[];let e=[];try{e=(await z(`/messages${A({limit:1e3,after:tt||"",...xe.value})}`)).messages}catch{}let t=ke;ke=null,wt(e);for(let s of t)wt(s)}function kt(){Jt({type:"filter",messages:!0,path:null,direction:null,connection:null,...xe.value})}Xe((e,t)=>{let s=e.stats?.uptime_ms??yt;s<yt&&(tt=0),yt=s,et&&(t&&(kt(),ys()),e.dropped&&(Ie.value+=e.dropped),e.messages?.length&&wt(e.messages))});function ws(){et||(et=!0,R.value.kind==="live"&&(kt(),ys()))}function xt(e){xe.value=e,et&&kt()}function ks(){q.clear(),Ie.value=0,st.value+=1}var xs=6;function Ss(e,t,s,o,r){let a=j(null),i=j({top:0,height:0}),[u,l]=m(0),[g,b]=m(0);S(()=>{let h=new ResizeObserver(()=>b(a.current?.clientHeight??0));return h.observe(a.current),()=>h.disconnect()},[]),Rt(()=>{let h=a.current;h&&(o?h.scrollTop=h.scrollHeight:s.current&&(h.scrollTop-=s.current*e),s.current=0,i.current={top:h.scrollTop,height:h.scrollHeight},!o&&h.scrollTop!==u&&l(h.scrollTop))});let y=()=>{let h=a.current;if(!h)return;let Y=i.current,Fe=h.scrollHeight-h.clientHeight,k=h.scrollTop<Y.top-1&&h.scrollHeight>=Y.height;i.current={top:h.scrollTop,height:h.scrollHeight},!(o&&!k)&&(k&&o&&h.scrollTop<Fe-1?r(!1):!o&&!k&&h.scrollTop>=Fe-1&&r(!0),l(h.scrollTop))},B=h=>{let Y=a.current;Y&&(h.deltaY>=0||Y.scrollHeight<=Y.clientHeight||(l(Y.scrollTop),r(!1)))},w=o?Math.max(0,t*e-g):u,I=Math.max(0,Math.min(t,Math.floor(w/e))-xs),Ee=Math.min(t,Math.ceil((w+g)/e)+xs);return{box:a,from:I,to:Ee,onScroll:y,onWheel:B}}function Cs(e,t,s){let o=t*s;o<e.scrollTop?e.scrollTop=o:o+s>e.scrollTop+e.clientHeight&&(e.scrollTop=o+s-e.clientHeight)}var Ts=({length:e,from:t,rowHeight:s,children:o})=>n`
  <div class="sizer" role="presentation" style=${{height:`${e*s}px`}}>
    <div class="slice" role="presentation" style=${{transform:`translateY(${t*s}px)`}}>${o}</div>
  </div>`;var mo=2e6,je=p(!1),$o=e=>[["Time",n`<span title=${e.at}>${_e(e.at)}</span>`],["Direction",e.direction==="in"?"in, from the client":"out, to the client"],["Connection",n`<a href=${f("connections",e.connection)}>${d(e.connection)}</a>`],["Path",n`<${v} text=${e.path} />`],["Size",`${e.kind}, ${e.bytes<1024?$(e.bytes,"byte"):`${M(e.bytes)} (${c(e.bytes)} bytes)`}`],["Number",c(e.seq)]],ho=({m:e})=>e.cut&&n`
  <p class="hint">The server keeps the beginning of long messages; this one has ${$(e.bytes,"byte")}.</p>`;function fo(e){try{return Nt(e)}catch{return"(not readable)"}}var bo=({m:e})=>n`<pre class="raw">${fo(e.base64??"")}</pre>`,go=()=>n`
  <fieldset class="choices">
    <legend class="visually-hidden">View</legend>
    <label><input type="radio" name="view" checked=${!je.value} onChange=${()=>{je.value=!1}} />Tree</label>
    <label><input type="radio" name="view" checked=${je.value} onChange=${()=>{je.value=!0}} />Raw</label>
  </fieldset>`;function vo({m:e}){let t=e.text??"",s=!e.cut&&t.length<mo&&/^\s*[[{]/.test(t)?Ye(t):null;return n`
    ${s&&n`<${go} />`}
    ${s&&!je.value?n`<${ie} node=${s} label="Message" />`:n`<pre class="raw"><${v} text=${t} most=${8192} multiline /></pre>`}`}function yo(e){P.value={path:e.path,message:e.text??""},W("try")}function Es({message:e,onClose:t}){return n`
    <${ne} title="Message" subject=${e.n} onClose=${t}>
      <${ue} rows=${$o(e)} />
      <div class="actions">
        <${he} text=${e.text??e.base64??""} label=${e.kind==="binary"?"Copy as base64":"Copy text"} what="the message" />
        ${e.kind==="text"&&!e.cut&&n`<button type="button" onClick=${()=>yo(e)}>Try it</button>`}
      </div>
      <${ho} m=${e} />
      <div key=${e.n}>${e.kind==="binary"?n`<${bo} m=${e} />`:n`<${vo} m=${e} />`}</div>
    <//>`}var Oe=24,Ms=400,ko=120,U=new Qe(q),nt=p(0),St={current:0},D=p({direction:"",path:"",connection:"",text:""}),L=p(null),Ce=p(!0),E=p(null);async function Ct(e=L.value?.log??q){await U.rebuild(gs(D.value),e)&&(nt.value+=1)}st.subscribe(()=>{if(L.value){nt.value+=1;return}q.first===q.next&&(St.current=0),St.current+=U.update(),nt.value+=1});function Tt(e){L.value=e?{at:q.next,log:vs(q)}:null,e||(Ce.value=!0),Ct()}var Rs=0;function Se(e){D.value={...D.value,...e},clearTimeout(Rs),Rs=setTimeout(()=>Ct(),ko),xe.value&&xt(Ns());let{connection:t}=D.value;(_.value.query.get("connection")??"")!==t&&T("messages","",{connection:t})}function Ns(){let{direction:e,path:t,connection:s}=D.value;return{direction:e||null,path:Le.has(t)?t:null,connection:s||null}}function xo(){ks(),E.value=null,L.value?Tt(!1):Ct()}var So=[["","Both"],["in","In"],["out","Out"]],Co=()=>n`
  <fieldset class="choices">
    <legend class="visually-hidden">Direction</legend>
    ${So.map(([e,t])=>n`
      <label key=${e}><input type="radio" name="direction" value=${e} checked=${D.value.direction===e}
        onChange=${()=>Se({direction:e})} />${t}</label>`)}
  </fieldset>`,To=()=>n`
  <div class="bar">
    <h1>Messages</h1>
    <button type="button" class="pause" title="Space, in the list" aria-pressed=${!!L.value} onClick=${()=>Tt(!L.value)}>${L.value?"Resume":"Pause"}</button>
    <button type="button" onClick=${xo}>Clear</button>
    <${Co} />
    <input type="search" class="path-filter" list="message-paths" aria-label="Filter by path" placeholder="Path" autocomplete="off"
      value=${D.value.path} onInput=${e=>Se({path:e.currentTarget.value.trim()})} />
    <datalist id="message-paths">${[...Le].map(e=>n`<option key=${e} value=${e} />`)}</datalist>
    <input type="search" class="grow" data-filter aria-label="Search in messages" placeholder="Search text" autocomplete="off"
      value=${D.value.text} onInput=${e=>Se({text:e.currentTarget.value})} />
    ${D.value.connection&&n`
      <button type="button" class="chip" aria-label=${`Show all connections, not only ${D.value.connection}`} onClick=${()=>Se({connection:""})}>
        <span class="mono">${d(D.value.connection)}</span> ×</button>`}
  </div>`;function Eo(e){if(e.kind==="binary")return At(e.base64??"");let t=e.text??"";return d(t.length>Ms?t.slice(0,Ms):t)}var As=e=>`m-${e.n}`;function Mo({message:e,index:t}){let s=E.value===e;return n`
    <div role="row" class=${`log-row ${e.direction} ${s?"selected":""}`} id=${As(e)} data-index=${t}
      aria-rowindex=${t+2} aria-selected=${s}>
      <span role="gridcell" class="l-time">${Re(e.at,!1)}<span class="ms">${Re(e.at).slice(8)}</span></span>
      <span role="gridcell" class="l-dir">${e.direction}</span>
      <span role="gridcell" class="l-conn">${d(e.connection)}</span>
      <span role="gridcell" class="l-path"><bdi>${d(e.path)}</bdi></span>
      <span role="gridcell" class="l-size number">${M(e.bytes)}</span>
      <span role="gridcell" class=${`l-text ${e.kind}`}><bdi>${Eo(e)}</bdi></span>
    </div>`}var Ro=[["l-time","Time"],["l-dir","Dir"],["l-conn","Connection"],["l-path","Path"],["l-size number","Size"],["l-text","Message"]],_o=()=>n`
  <div role="row" class="log-row log-head" aria-rowindex="1">
    ${Ro.map(([e,t])=>n`<span key=${t} role="columnheader" class=${e}>${t}</span>`)}
  </div>`;function Ps(e){let t=0,s=U.length-1;for(;t<=s;){let o=t+s>>1,r=U.at(o).n;if(r===e.n)return o;r<e.n?t=o+1:s=o-1}return-1}var No={ArrowDown:e=>e+1,ArrowUp:e=>e-1,PageDown:(e,t)=>e+t,PageUp:(e,t)=>e-t,Home:()=>0,End:()=>1/0};function qs(e,t){let s=U.length-1;if(s<0)return;let o=Math.max(0,Math.min(s,t));Ce.value=t===1/0,E.value=U.at(o),Cs(e,o,Oe)}function Ao(e,t){if(e.target.closest("button"))return;if(e.key==="Escape"&&E.value){E.value=null,e.preventDefault();return}if(e.key===" "){Tt(!L.value),e.preventDefault();return}if(e.key==="Enter"&&E.value){document.querySelector(".panel h2")?.focus(),e.preventDefault();return}let s=No[e.key];if(!s)return;e.preventDefault();let o=E.value?Ps(E.value):-1,r=Math.max(1,Math.floor(t.clientHeight/Oe)-1),a=o<0?e.key==="ArrowUp"?U.length:Math.floor(t.scrollTop/Oe)-1:o;qs(t,s(a,r))}function Po(){let{direction:e,path:t,connection:s,text:o}=D.value;return q.fifo.length&&(e||t||s||o)?n`<${x} title="No recorded message matches these filters.">
      <button type="button" onClick=${()=>Se({direction:"",path:"",connection:"",text:""})}>Clear the filters</button><//>`:n`
    <${x} title="No messages yet. Recording since this page was opened; to send one from a terminal:">
      <${te} text=${ae(O.value,C.value[0]?.path)} /><//>`}var Ls=()=>(nt.value,U.length);function qo(){let e=Ls(),{box:t,from:s,to:o,onScroll:r,onWheel:a}=Ss(Oe,e,St,Ce.value,b=>{Ce.value=b}),i=[];for(let b=s;b<o;b+=1){let y=U.at(b);i.push(n`<${Mo} key=${y.n} message=${y} index=${b} selected=${E.value===y} />`)}let u=E.value&&Ps(E.value),l=u!==null&&u>=s&&u<o,g=b=>{let y=b.target.closest("[data-index]");!y||String(getSelection())||qs(t.current,Number(y.dataset.index))};return n`
    <div class="log" role="grid" tabindex="0" aria-label="Messages, newest last" aria-rowcount=${e+1}
      aria-activedescendant=${l?As(E.value):void 0} onKeyDown=${b=>Ao(b,t.current)}>
      <${_o} />
      <div class="log-box scroll" ref=${t} role="rowgroup" tabindex="-1" onScroll=${r} onWheel=${a} onClick=${g}>
        <${Ts} length=${e} from=${s} rowHeight=${Oe}>${i}<//>
        ${!e&&!U.building&&O.value&&n`<${Po} />`}
      </div>
    </div>`}function Lo(){let e=Ls(),t=L.value?q.next-L.value.at:0,s=L.value?L.value.log.fifo.length:q.fifo.length,o=[`${c(e)} shown of ${c(s)} kept (at most ${c(2e4)})`];return q.dropped&&o.push(`${c(q.dropped)} older dropped`),Ie.value&&o.push(`${c(Ie.value)} left out by the server, too fast`),n`
    <div class="foot">
      <span class="foot-text">${o.join(" · ")}</span>
      <label class="check" title="The server then sends only what direction, path and connection let through">
        <input type="checkbox" checked=${!!xe.value} onChange=${r=>xt(r.currentTarget.checked?Ns():null)} />
        Record only what is shown</label>
      <span class="foot-state">
        ${L.value&&n`<b>Paused</b>, ${c(t)} waiting`}
        ${!L.value&&(Ce.value?"Following the newest":n`<button type="button" class="chip" onClick=${()=>{Ce.value=!0}}>Follow the newest</button>`)}
      </span>
    </div>`}function _s(){E.value=null,requestAnimationFrame(()=>document.querySelector(".log")?.focus({preventScroll:!0}))}function Is(){let e=_.value.query.get("connection")??"",t=j(null);return S(ws,[]),S(()=>{t.current!==e&&D.value.connection!==e&&(e||t.current!==null)&&Se({connection:e}),t.current=e},[e]),n`
    <div class=${`page split ${E.value?"with-panel":""}`} onKeyDown=${se(_s,E.value)}>
      <div class="main">
        <${To} />
        <${qo} />
        <${Lo} />
      </div>
      ${E.value&&n`<${Es} message=${E.value} onClose=${_s} />`}
    </div>`}var Os={messages:{lines:[{colour:"--in"},{colour:"--out",dash:[6,3]}],columns:["received","sent"]},latency:{lines:[{colour:"--in"},{colour:"--out",dash:[6,3]}],columns:["p50","p99"],scale:"time"},connections:{lines:[{colour:"--accent"}],columns:["active"]}},js=e=>["time",...Os[e].columns].map(t=>at[t]);async function Io(e,t){let{draw:s}=await import("./chart-QYECZGJM.js");if(!t.current)return()=>{};let{lines:o,scale:r}=Os[e],a=s(t.current,o,js(e),r),i=matchMedia("(prefers-color-scheme: dark)");i.addEventListener("change",a.repaint);let u=[Me(()=>{it.value&&a.set(js(e))}),Me(()=>{Lt.value&&a.repaint()}),()=>i.removeEventListener("change",a.repaint),a.destroy];return()=>u.forEach(l=>l())}function Et({which:e,label:t,empty:s}){let o=j(null);return S(()=>{let r=!1,a=()=>{};return Io(e,o).then(i=>{r?i():a=i},()=>{}),()=>{r=!0,a()}},[]),n`
    <div class="chart-box">
      <div class="chart" role="img" aria-label=${t} ref=${o}></div>
      ${s&&n`<p class="chart-empty muted">${s}</p>`}
    </div>`}var De=({tone:e,name:t,value:s})=>n`<span class=${`key ${e}`}><i></i>${t} <b>${s}</b></span>`,jo=()=>{let[e,t]=[V.value.received,V.value.sent].map(Q);return n`
    <section>
      <header><h2>Messages per second</h2><${De} tone="in" name="in" value=${e} /><${De} tone="out" name="out" value=${t} /></header>
      <${Et} which="messages" label=${`Messages per second over five minutes; now ${e} in, ${t} out`} />
    </section>`};function Oo({latency:e}){let[t,s]=[e?.p50_ms,e?.p99_ms].map(G),o=it.value>0&&at.p99.every(r=>r===null);return n`
    <section>
      <header>
        <h2 title="From the read that brings a message to the write of all that it causes; messages of the last ten seconds">Latency</h2>
        <${De} tone="in" name="p50" value=${t} /><${De} tone="out" name="p99" value=${s} />
      </header>
      <${Et} which="latency" label=${`Time to answer a message over five minutes; now half take at most ${t}, 99 of 100 at most ${s}`}
        empty=${o&&"No message came in these minutes."} />
    </section>`}var Do=({active:e})=>n`
  <section>
    <header><h2>Connections</h2><${De} tone="accent" name="active" value=${e} /></header>
    <${Et} which="connections" label=${`Connections over five minutes; now ${e}`} />
  </section>`,Ds=({now:e})=>n`
  <div class="charts">
    <${jo} />
    <${Oo} latency=${e?.latency} />
    <${Do} active=${c(e?.connections.active)} />
  </div>`;var Fo=e=>e&&Object.values(e).reduce((t,s)=>t+s,0),Te=({name:e,value:t,note:s,tone:o=""})=>n`
  <div class=${`figure ${o}`}><dt>${e}</dt><dd>${t}${s&&n`<small>${s}</small>`}</dd></div>`;function Bo({now:e}){let t=Fo(e?.errors),s=e?.connections.rejected;return n`
    <dl class="figures">
      <${Te} name="Active connections" value=${c(e?.connections.active)} note=${`${c(e?.connections.total)} in total`} />
      <${Te} name="Rejected" value=${c(s)} note="handshakes" tone=${s?"warn":""} />
      <${Te} name="Messages in" value=${Q(V.value.received)} note=${`per s, ${c(e?.messages.received)} in total`} />
      <${Te} name="Messages out" value=${Q(V.value.sent)} note=${`per s, ${c(e?.messages.sent)} in total`} />
      <${Te} name="Unanswered" value=${c(e?.unanswered)} note="no rule matched" />
      <${Te} name="Errors" value=${c(t)} note=${t?"of the kinds below":t===0?"none so far":""} tone=${t?"bad":""} />
    </dl>`}var Ho=e=>e.replaceAll("_"," ");function zo({errors:e}){let t=Object.entries(e??{}).sort((s,o)=>o[1]-s[1]);return n`
    <section>
      <h2>Errors by kind</h2>
      ${t.length?n`<table class="plain"><tbody>${t.map(([s,o])=>n`
            <tr key=${s} class=${o?"":"idle"}><th scope="row">${Ho(s)}</th><td class="number">${c(o)}</td></tr>`)}</tbody></table>`:n`<p class="muted">${e?"The server counts no kinds of errors.":"–"}</p>`}
    </section>`}function Ko({now:e}){let t=[["Version",e?.version??"–"],["Up for",Z(e?.uptime_ms)],["Generation of the files",c(e?.generation)],["Rooms",n`<a href=${f("rooms")}>${c(e?.rooms)}</a>`],["Bytes in",M(e?.bytes.received)],["Bytes out",M(e?.bytes.sent)]];return n`
    <section>
      <h2>Server</h2>
      <table class="plain"><tbody>${t.map(([s,o])=>n`
        <tr key=${s}><th scope="row">${s}</th><td class="number">${o}</td></tr>`)}</tbody></table>
    </section>`}function Fs(){let e=O.value,t=e&&e.connections.total===0;return n`
    <div class="page scroll">
      <h1 class="visually-hidden">Overview</h1>
      <${Bo} now=${e} />
      ${t&&n`
        <${x} title="Nobody has connected yet. To be the first:"><${te} text=${ae(e)} /><//>`}
      <${Ds} now=${e} />
      <div class="columns"><${zo} errors=${e?.errors} /><${Ko} now=${e} /></div>
    </div>`}var Wo=2e3,ot=200,Uo=e=>[...e].sort((t,s)=>s.size-t.size||t.name.localeCompare(s.name)),Yo=({room:e,selected:t,params:s})=>n`
  <tr class=${t?"selected":""} aria-current=${t?"true":void 0}
      onClick=${o=>{o.target.closest("a")||W("rooms",e.name,s)}}>
    <td class="room-name"><a href=${f("rooms",e.name,s)} title=${d(e.name)}><bdi>${d(e.name)}</bdi></a></td>
    <td class="number room-size">${c(e.size)}</td>
    <td class="room-members"><bdi>${e.members.slice(0,8).map(d).join(", ")}${e.members.length>8?" …":""}</bdi></td>
  </tr>`,Go=({rooms:e,item:t,params:s})=>{let[o,r]=m(ot);return n`
    <table class="rows rooms" aria-label="Rooms">
      <thead><tr><th scope="col" class="room-name">Room</th><th scope="col" class="number room-size">Members</th><th scope="col" class="room-members">Who</th></tr></thead>
      <tbody>${e.slice(0,o).map(a=>n`<${Yo} key=${a.name} room=${a} selected=${a.name===t} params=${s} />`)}</tbody>
    </table>
    ${e.length>o&&n`<button type="button" class="more" onClick=${()=>r(o+ot)}>show more (${c(e.length-o)} left)</button>`}`};function Vo({room:e}){let[t,s]=m(ot);return n`
    <ul class="members">${e.members.slice(0,t).map(o=>n`<li key=${o}><a href=${f("connections",o)}>${d(o)}</a></li>`)}</ul>
    ${e.members.length>t&&n`<button type="button" class="more" onClick=${()=>s(t+ot)}>show more (${c(e.members.length-t)} left)</button>`}`}function Jo({name:e,room:t,onClose:s}){let o=async(r,a)=>{let{delivered:i}=await J(`/broadcast${A({room:e})}`,r,a);return i?`Delivered to ${$(i,"connection")}`:"Nobody is in this room any more"};return n`
    <${ne} title=${n`<bdi>${d(e)}</bdi>`} subject=${e} takeFocus onClose=${s}>
      ${!t&&n`<p class="gone" role="status">Nobody is in this room any more.</p>`}
      <${F} title="Broadcast to this room"><${ge} send=${o} action="Broadcast" label=${`Message to room ${e}`} /><//>
      ${t&&n`<${F} title=${$(t.size,"member")}><${Vo} room=${t} /><//>`}
      ${t&&n`<p class="links"><a href=${f("connections","",{q:/\s/.test(e)?"":`room:${e}`})}>Show them as connections</a></p>`}
    <//>`}function Xo({words:e}){return e?n`<${x} title="No room matches this filter."><button type="button" onClick=${()=>T("rooms")}>Clear the filter</button><//>`:n`
    <${x} title="There are no rooms. A room exists while a connection is in it; handlers put connections into rooms when they join. To connect:">
      <${te} text=${ae(O.value,(C.value.find(t=>t.kind.includes("room"))??C.value[0])?.path)} /><//>`}function Bs(e,t){W("rooms","",t),requestAnimationFrame(()=>document.querySelector(`a[href="${CSS.escape(f("rooms",e,t))}"]`)?.focus({preventScroll:!0}))}function Hs(){let{data:e,error:t}=K(l=>z("/rooms",l),Wo,[]),{item:s,query:o}=_.value,r=o.get("q")??"",a={q:r},i=Uo(e?.rooms??[]),u=i.filter(l=>l.name.toLowerCase().includes(r.trim().toLowerCase()));return n`
    <div class=${`page split ${s?"with-panel":""}`} onKeyDown=${se(()=>Bs(s,a),s)}>
      <div class="main">
        <div class="bar">
          <h1>Rooms</h1>
          <input type="search" class="grow" data-filter aria-label="Filter rooms" placeholder="Filter: name" value=${r}
            onInput=${l=>T("rooms",s,{q:l.currentTarget.value})} />
          <span class="muted">${e?r?`${c(u.length)} of ${c(i.length)}`:$(i.length,"room"):""}</span>
        </div>
        <${H} error=${t} />
        <div class="table-box scroll">
          ${u.length>0&&n`<${Go} rooms=${u} item=${s} params=${a} />`}
          ${e&&!u.length&&n`<${Xo} words=${r} />`}
        </div>
      </div>
      ${s&&n`<${Jo} key=${s} name=${s} room=${i.find(l=>l.name===s)} onClose=${()=>Bs(s,a)} />`}
    </div>`}var Ks=2e3,Qo=50,Zo=e=>Object.entries(e.formats).map(([t,s])=>`${t} ${c(s)}`).join(", "),er=({sink:e,selected:t,params:s})=>n`
  <tr class=${t?"selected":""} aria-current=${t?"true":void 0}
      onClick=${o=>{o.target.closest("a")||W("sinks",e.path,s)}}>
    <td class="s-path"><a href=${f("sinks",e.path,s)} title=${d(e.path)}><bdi>${d(e.path)}</bdi></a></td>
    <td class="s-formats"><bdi>${d(Zo(e))}</bdi></td>
    <td class="number s-count">${c(e.records)}</td>
    <td class="number s-count">${M(e.bytes)}</td>
    <td class="number s-count">${c(e.refused)}</td>
    <td class=${`number s-count ${e.faults?"bad":""}`}>${c(e.faults)}</td>
  </tr>`,tr=({sinks:e,item:t,params:s})=>n`
  <table class="rows sinks" aria-label="Sinks">
    <thead><tr><th scope="col" class="s-path">Path</th><th scope="col" class="s-formats">Messages by format</th>
      <th scope="col" class="number s-count">Records</th><th scope="col" class="number s-count">Bytes</th>
      <th scope="col" class="number s-count">Refused</th><th scope="col" class="number s-count">Faults</th></tr></thead>
    <tbody>${e.map(o=>n`<${er} key=${o.path} sink=${o} selected=${o.path===t} params=${s} />`)}</tbody>
  </table>`;async function sr(e,t){let{body:s,text:o}=await oe("GET",`/sinks${A({path:e,limit:Qo})}`,{signal:t}),r=be(de(o),"sinks").items[0];return{sink:s.sinks[0],nodes:be(r,"last").items.map(a=>be(a,"record"))}}var nr=({record:e,node:t})=>n`
  <li class="record">
    <p class="muted"><time title="when it came">${Re(Date.parse(e.received))}</time> ${d(e.connection)}${e.time&&n`, its time <time>${d(e.time)}</time>`}</p>
    ${e.cut_from?n`<p class="muted">${M(e.cut_from)}: too long to be kept.</p>`:n`<${ie} node=${t} label="Record" />`}
  </li>`,or=e=>[["Takes",`${e.format??"any format"}, ${e.mode==="strict"?"strictly":"leniently"}`],["Connections",`${c(e.connections)}, ${c(e.refused)} refused and ${c(e.dropped)} dropped on purpose`],["Messages",`${c(e.messages)}, ${c(e.acknowledged)} acknowledged`],e.unwritten>0&&["Not in the file",$(e.unwritten,"record")],e.oddities.length>0&&["Odd, and taken",d(e.oddities.join("; "))],e.last_fault&&["Last fault",d(e.last_fault)]].filter(Boolean);async function rr(e,t){try{await We(`/sinks${A({path:e})}`),ee("Forgotten")}catch(s){ee(s.message)}t()}function ar({path:e,onClose:t}){let{data:s,error:o,refresh:r}=K(a=>sr(e,a),Ks,[e]);return n`
    <${ne} title=${n`<bdi>${d(e)}</bdi>`} subject=${e} takeFocus onClose=${t}>
      <${H} error=${o} />
      ${s&&n`
        <${ue} rows=${or(s.sink)} />
        <p><button type="button" onClick=${()=>rr(e,r)}>Forget all of it</button></p>
        <${F} title=${"Last records, the newest first"}>
          ${s.sink.last.length?n`<ol class="records">${s.sink.last.map((a,i)=>n`<${nr} key=${`${a.connection} ${a.received} ${i}`} record=${a} node=${s.nodes[i]} />`)}</ol>`:n`<p class="muted">No records yet, or none are kept.</p>`}
        <//>`}
    <//>`}var ir=`websocket:
  handlers:
    - path: /logs
      type: sink`;function lr({words:e}){return e?n`<${x} title="No sink matches this filter."><button type="button" onClick=${()=>T("sinks")}>Clear the filter</button><//>`:n`<${x} title="There are no sinks. A handler of type sink takes what log shippers send:"><pre class="raw">${ir}</pre><//>`}function zs(e,t){W("sinks","",t),requestAnimationFrame(()=>document.querySelector(`a[href="${CSS.escape(f("sinks",e,t))}"]`)?.focus({preventScroll:!0}))}var cr=async e=>(await oe("GET",`/sinks${A({limit:0})}`,{signal:e})).body;function Ws(){let{data:e,error:t}=K(cr,Ks,[]),{item:s,query:o}=_.value,r=o.get("q")??"",a={q:r},i=e?.sinks??[],u=i.filter(l=>l.path.toLowerCase().includes(r.trim().toLowerCase()));return n`
    <div class=${`page split ${s?"with-panel":""}`} onKeyDown=${se(()=>zs(s,a),s)}>
      <div class="main">
        <div class="bar">
          <h1>Sinks</h1>
          <input type="search" class="grow" data-filter aria-label="Filter sinks" placeholder="Filter: path" value=${r}
            onInput=${l=>T("sinks",s,{q:l.currentTarget.value})} />
          <span class="muted">${e?r?`${c(u.length)} of ${c(i.length)}`:$(i.length,"sink"):""}</span>
        </div>
        <${H} error=${t} />
        <div class="table-box scroll">
          ${u.length>0&&n`<${tr} sinks=${u} item=${s} params=${a} />`}
          ${e&&!u.length&&n`<${lr} words=${r} />`}
        </div>
      </div>
      ${s&&n`<${ar} key=${s} path=${s} onClose=${()=>zs(s,a)} />`}
    </div>`}var Ys={overview:["Overview",Fs],connections:["Connections",cs],messages:["Messages",Is],handlers:["Handlers",$s],rooms:["Rooms",Hs],sinks:["Sinks",Ws],try:["Try",us]},ur=()=>n`
  <nav aria-label="Pages">
    ${Object.entries(Ys).map(([e,[t]])=>n`
      <a key=${e} href=${f(e)} aria-current=${_.value.page===e?"page":void 0}>${t}</a>`)}
  </nav>`;function dr(){let e=O.value;if(!e)return n`<span class="status-text">Connected</span>`;let t=[`sockeye ${e.version}`,`up ${Z(e.uptime_ms)}`,`${c(e.connections.active)} connected`,`${Q(V.value.received)} in/s`,`${Q(V.value.sent)} out/s`];return n`<span class="status-text"><b>Live</b>${t.map((s,o)=>n`<span key=${o}>${d(s)}</span>`)}</span>`}function pr(){let{kind:e,since:t}=R.value;return N.value?n`<div class="status down"><span class="status-text"><b>Token needed</b></span>
      <button type="button" onClick=${()=>{N.value={...N.value,shut:!1}}}>Enter token</button></div>`:e==="live"?n`<div class="status"><${dr} /></div>`:t?n`<div class="status down"><${jt} link=${R} connect=${ye} /></div>`:n`<div class="status"><span class="status-text">Connecting</span></div>`}function mr(e){if(e.key!=="/"||e.ctrlKey||e.metaKey||e.altKey||e.target.closest("input, textarea, select, dialog"))return;let t=document.querySelector("[data-filter]");t&&(e.preventDefault(),t.focus(),t.select())}function $r(e){e.preventDefault(),document.getElementById("content").focus()}var Us=p("");function hr(){let{page:e}=_.value,[t,s]=Ys[e];return S(()=>{document.title=`${t} – sockeye`,Us.value=t},[t]),n`
    <a class="skip" href="#content" onClick=${$r}>Skip to the content</a>
    <header class="top">
      <a class="brand" href=${f("overview")} aria-label="sockeye, overview">sockeye</a>
      <${ur} />
      <div class="tools"><${Yt} /><${Ut} /><${It} /></div>
    </header>
    <${pr} />
    <main id="content" tabindex="-1"><${s} key=${e} /></main>
    <p class="visually-hidden" aria-live="polite">${Us.value}</p>
    <${qt} />
    <${Gt} />`}var Gs=document.getElementById("app");Gs.replaceChildren();Mt(n`<${hr} />`,Gs);document.addEventListener("keydown",mr);Xe((e,t)=>{t&&re().catch(()=>{})});Zt();
