$ fluent-bit -i cpu -t cpu -o websocket://192.168.2.3:80/something -m '*'
