# Writes walks.json: random models, and the elements that walk.py (written from the specification) visits in them.
import json, random, sys
sys.path.insert(0, '.')
from walk import run

def model(r, m, models):
    n = r.randint(2, 9)
    vs = [{'id': f'm{m}v{i}', 'name': f'v_{m}_{i}'} for i in range(n)]
    es = [{'id': f'm{m}start', 'name': 'e_start', 'targetVertexId': vs[0]['id']}]
    order = list(range(n))
    r.shuffle(order)
    ring = [(order[i], order[(i + 1) % n]) for i in range(n)]
    extra = [(r.randrange(n), r.randrange(n)) for _ in range(r.randint(0, 2 * n))]
    for k, (a, b) in enumerate(ring + extra):
        e = {'id': f'm{m}e{k}', 'name': f'e_{k}', 'sourceVertexId': vs[a]['id'], 'targetVertexId': vs[b]['id']}
        if r.random() < 0.3:
            e['weight'] = r.choice([0.1, 0.25, 0.05, 0.2])
        es.append(e)
    if models > 1:
        for v in r.sample(vs, r.randint(1, min(3, n))):
            v['sharedState'] = r.choice('ST')
    return {'name': f'M{m}', 'id': f'm{m}', 'vertices': vs, 'edges': es}

def main():
    r = random.Random(20260101)
    cases = []
    while len(cases) < 60:
        count = r.choice([1, 1, 2, 3])
        models = [model(r, m, count) for m in range(count)]
        shared = [{v.get('sharedState') for v in m['vertices']} - {None} for m in models]
        models[0]['startElementId'] = 'm0start'
        if count > 1 and not all(any(s & o for j, o in enumerate(shared) if j != i) for i, s in enumerate(shared)):
            continue
        generator = r.choice(['random', 'weighted_random', 'quick_random'])
        seed = r.getrandbits(48) - (1 << 47)
        try:
            path = run(models, generator, seed, maxn=150)
        except AssertionError:
            continue
        for m in models:
            m['generator'] = generator + '(edge_coverage(100))'
        cases.append({'seed': seed, 'models': models, 'path': path})
    with open('walks.json', 'w') as out:
        out.write('[\n' + ',\n'.join(json.dumps(c, separators=(',', ':')) for c in cases) + '\n]\n')

main()
