(()=>{try{let e=localStorage.getItem("sockeye.theme");(e==="dark"||e==="light")&&(document.documentElement.dataset.theme=e)}catch{}})();
