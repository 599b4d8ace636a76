"""The cache as people steer it: clear, stats, warm; and its counters over all processes."""

import pytest

from stockscore.caching.counters import FileBoard
from stockscore.caching.wiring import site_of
from stockscore.services import cache
from stockscore.services.errors import ServiceError
from tests.support import cached_site


def read(app, url="/pages/a"):
    return app.test_client().get(url).headers["X-Cache"]


def test_a_clear_empties_the_cache_of_this_process_at_once(site):
    app = site()
    read(app)
    with app.app_context():
        first = cache.clear(cached_site.datetime.now(cached_site.UTC))
        assert read(app) == "MISS"
        assert cache.clear(cached_site.datetime.now(cached_site.UTC)) == first + 1
    assert read(app) == "MISS"
    assert read(app) == "HIT"


def test_a_clear_is_seen_by_other_processes_at_their_next_look(site, on_redis):
    here, there = site(**on_redis), site(**on_redis)
    read(here)
    assert read(there) == "HIT"
    with here.app_context():
        cache.clear(cached_site.datetime.now(cached_site.UTC))
    site_of(there).lookup.editions.renew()
    assert read(there) == "MISS"
    assert read(here) == "HIT"


def test_a_clear_leaves_no_work_for_redis(site, on_redis, own_redis):
    app = site(**on_redis)
    for number in range(20):
        read(app, f"/pages/{number}")
    before = own_redis.client.dbsize()
    own_redis.client.config_resetstat()
    with app.app_context():
        cache.clear(cached_site.datetime.now(cached_site.UTC))
    assert own_redis.client.dbsize() >= before, "nothing is looked for, nothing is deleted"
    used = set(own_redis.client.info("commandstats"))
    assert not used & {"cmdstat_keys", "cmdstat_scan", "cmdstat_del", "cmdstat_flushdb"}


@pytest.mark.parametrize("with_redis", [False, True])
def test_stats_are_of_all_processes(site, request, with_redis):
    settings = request.getfixturevalue("on_redis") if with_redis else {"WEB_CONCURRENCY": 2}
    here, there = site(**settings), site(**settings)
    for app in (here, there):
        for _ in range(3):
            read(app)
        site_of(app).tally.post()
    stats = cache.stats(here)
    assert stats.complete
    hits = sum(stats.totals[name] for name in ("hits_memory", "hits_redis"))
    assert hits + stats.totals["misses"] == 6
    assert stats.totals["misses"] == (1 if with_redis else 2)
    assert stats.redis == ("working" if with_redis else "off")
    assert stats.entries == 1
    assert stats.bytes > 1_000
    assert stats.database


def test_without_redis_stats_are_of_this_process_and_say_so(site, on_redis, own_redis):
    app = site(**on_redis)
    own_redis.kill()
    read(app)
    stats = cache.stats(app)
    assert not stats.complete
    assert stats.redis == "failing"
    assert stats.outages == 1
    assert stats.totals["misses"] == 1


def test_warming_makes_the_busiest_pages_of_a_new_edition_before_readers_come(site, on_redis):
    web, worker = site(**on_redis), site(**on_redis)
    for url, times in (("/pages/often", 5), ("/pages/seldom", 2), ("/pages/rare?page=7", 1)):
        for _ in range(times + 1):
            read(web, url)
    site_of(web).busy.post()
    assert [url for url, _ in site_of(worker).busy.busiest(2)] == ["/pages/often", "/pages/seldom"]
    cached_site.publish(web)
    site_of(worker).lookup.editions.renew()
    steps = []
    warmed = cache.warm(worker, most=2, on_progress=lambda *step: steps.append(step))
    assert warmed == cache.Warmed(made=2, ready=0, failed=0)
    assert steps == [(1, 2, "/pages/often"), (2, 2, "/pages/seldom")]
    site_of(web).lookup.editions.renew()
    renders = web.extensions["hooks"].renders
    assert read(web, "/pages/often") == read(web, "/pages/seldom") == "HIT"
    assert web.extensions["hooks"].renders == renders
    assert cache.warm(worker, most=2) == cache.Warmed(made=0, ready=2, failed=0)


def test_a_busy_address_that_is_no_page_any_more_is_left_out(site, on_redis):
    app = site(**on_redis)
    read(app)
    slot = site_of(app).lookup.memory.slots()[0]
    slot.hits = 3
    slot.place.page = type(slot.place.page)("/gone", "", "list")
    site_of(app).busy.post()
    assert cache.warm(app) == cache.Warmed(made=0, ready=0, failed=1)


def test_without_anything_in_common_there_is_nothing_to_warm(site):
    with pytest.raises(ServiceError, match="only be made ready through Redis, which is off"):
        cache.warm(site())
    with pytest.raises(ServiceError, match="switched off"):
        cache.warm(site(CACHE_ENABLED=False))


def test_the_board_in_a_file_adds_up_and_survives_damage(tmp_path):
    path = tmp_path / "folder" / "cache.json"
    assert FileBoard(path).sums() == {}
    assert FileBoard(path).add({"misses": 2, "render_seconds": 0.5})
    assert FileBoard(path).add({"misses": 3})
    assert FileBoard(path).sums() == {"misses": 5, "render_seconds": 0.5}
    path.write_text('{"misses": 5, "rend')
    assert FileBoard(path).sums() == {}
    assert FileBoard(path).add({"misses": 1})
    assert FileBoard(path).sums() == {"misses": 1}


def test_a_board_that_cannot_be_written_loses_nothing_of_the_process(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    board = FileBoard(blocked / "cache.json")
    assert not board.add({"misses": 1})
    assert board.sums() is None
