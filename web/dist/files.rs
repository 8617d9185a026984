// Written by web/build.mjs: every file of the page.
&[
    ("/assets/app-Q25ZELCB.js", "text/javascript; charset=utf-8", include_bytes!("assets/app-Q25ZELCB.js")),
    ("/assets/chart-B5ABXDPT.js", "text/javascript; charset=utf-8", include_bytes!("assets/chart-B5ABXDPT.js")),
    ("/assets/chunk-R6YLE5Q5.js", "text/javascript; charset=utf-8", include_bytes!("assets/chunk-R6YLE5Q5.js")),
    ("/assets/icon-61F6FEC0.svg", "image/svg+xml; charset=utf-8", include_bytes!("assets/icon-61F6FEC0.svg")),
    ("/assets/style-MBSVV5VB.css", "text/css; charset=utf-8", include_bytes!("assets/style-MBSVV5VB.css")),
    ("/assets/theme-FS4GNMIH.js", "text/javascript; charset=utf-8", include_bytes!("assets/theme-FS4GNMIH.js")),
    ("/index.html", "text/html; charset=utf-8", include_bytes!("index.html")),
    ("/licences.txt", "text/plain; charset=utf-8", include_bytes!("licences.txt")),
]
