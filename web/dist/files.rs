// Written by web/build.mjs: every file of the page.
&[
    ("/assets/app-3VYGYZYG.js", "text/javascript; charset=utf-8", include_bytes!("assets/app-3VYGYZYG.js")),
    ("/assets/chart-AEAPYVK6.js", "text/javascript; charset=utf-8", include_bytes!("assets/chart-AEAPYVK6.js")),
    ("/assets/chunk-U5WZCDSY.js", "text/javascript; charset=utf-8", include_bytes!("assets/chunk-U5WZCDSY.js")),
    ("/assets/icon-61F6FEC0.svg", "image/svg+xml; charset=utf-8", include_bytes!("assets/icon-61F6FEC0.svg")),
    ("/assets/style-D25IQ5U3.css", "text/css; charset=utf-8", include_bytes!("assets/style-D25IQ5U3.css")),
    ("/assets/theme-FS4GNMIH.js", "text/javascript; charset=utf-8", include_bytes!("assets/theme-FS4GNMIH.js")),
    ("/index.html", "text/html; charset=utf-8", include_bytes!("index.html")),
    ("/licences.txt", "text/plain; charset=utf-8", include_bytes!("licences.txt")),
]
