// Written by web/build.mjs: every file of the page.
&[
    ("/assets/app-7PPI7UPM.js", "text/javascript; charset=utf-8", include_bytes!("assets/app-7PPI7UPM.js")),
    ("/assets/chart-QYECZGJM.js", "text/javascript; charset=utf-8", include_bytes!("assets/chart-QYECZGJM.js")),
    ("/assets/chunk-ARN7RS6R.js", "text/javascript; charset=utf-8", include_bytes!("assets/chunk-ARN7RS6R.js")),
    ("/assets/chunk-DBVPWGF5.js", "text/javascript; charset=utf-8", include_bytes!("assets/chunk-DBVPWGF5.js")),
    ("/assets/chunk-DVNH5RDQ.js", "text/javascript; charset=utf-8", include_bytes!("assets/chunk-DVNH5RDQ.js")),
    ("/assets/icon-61F6FEC0.svg", "image/svg+xml; charset=utf-8", include_bytes!("assets/icon-61F6FEC0.svg")),
    ("/assets/style-WC2UGZFN.css", "text/css; charset=utf-8", include_bytes!("assets/style-WC2UGZFN.css")),
    ("/assets/theme-FS4GNMIH.js", "text/javascript; charset=utf-8", include_bytes!("assets/theme-FS4GNMIH.js")),
    ("/assets/walk-EHL5Q3QX.js", "text/javascript; charset=utf-8", include_bytes!("assets/walk-EHL5Q3QX.js")),
    ("/assets/walk-style-XSAYZSLF.css", "text/css; charset=utf-8", include_bytes!("assets/walk-style-XSAYZSLF.css")),
    ("/index.html", "text/html; charset=utf-8", include_bytes!("index.html")),
    ("/licences.txt", "text/plain; charset=utf-8", include_bytes!("licences.txt")),
    ("/walk.html", "text/html; charset=utf-8", include_bytes!("walk.html")),
]
