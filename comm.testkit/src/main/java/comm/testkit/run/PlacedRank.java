package comm.testkit.run;

import comm.api.CommConfig;
import comm.api.spi.CommBackend;
import comm.api.spi.SessionRequest;
import comm.api.spi.WaitLimit;
import comm.testkit.RankMode;
import comm.testkit.TestRank;
import comm.testkit.TimeScale;
import comm.testkit.fault.At;
import comm.testkit.fault.FaultPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** A rank with its place, its backend and its link to the test. */
final class PlacedRank implements TestRank {

  private static final String LIMIT = "the test kit";

  private final RankPlace place;
  private final CommBackend backend;
  private final RankLink link;
  private final boolean isFaulty;
  private final Injector injector;

  PlacedRank(RankPlace place, CommBackend backend, RankLink link) {
    this.place = place;
    FaultPlan plan = FaultPlan.parse(place.faults());
    this.isFaulty = !plan.isEmpty();
    this.backend = isFaulty ? new FaultBackend(backend) : backend;
    this.link = link;
    this.injector = new Injector(place.rank(), plan, link);
  }

  Injector injector() {
    return injector;
  }

  @Override
  public int rank() {
    return place.rank();
  }

  @Override
  public int size() {
    return place.size();
  }

  @Override
  public RankMode mode() {
    return place.mode();
  }

  @Override
  public CommBackend backend() {
    return backend;
  }

  @Override
  public CommConfig config() {
    String name = isFaulty ? FaultBackend.NAME : place.backend();
    CommConfig config =
        CommConfig.of(rank(), size(), place.rootInfo(""))
            .withBackend(name)
            .withTimeout(TimeScale.scaled(Duration.ofSeconds(30)));
    for (var setting : place.properties().entrySet()) {
      config = config.withProperty(name + "." + setting.getKey(), setting.getValue());
    }
    return isFaulty
        ? config.withProperty(name + "." + FaultBackend.BACKEND, place.backend())
        : config;
  }

  @Override
  public SessionRequest request(Duration limit) {
    return request("", rank(), size(), limit);
  }

  @Override
  public SessionRequest request(String group, int asRank, int ofSize, Duration limit) {
    return new SessionRequest(
        asRank,
        ofSize,
        place.rootInfo(group),
        OptionalLong.empty(),
        place.properties(),
        new WaitLimit(limit, LIMIT));
  }

  @Override
  public Path rootInfo(String group) {
    return place.rootInfo(group);
  }

  @Override
  public void post(String key, String value) {
    link.post(key, value);
  }

  @Override
  public String await(String key) {
    return link.await(key);
  }

  @Override
  public Optional<String> peek(String key) {
    return link.peek(key);
  }

  @Override
  public void meet(String point) {
    link.post(point + "@" + rank(), "");
    for (int other = 0; other < size(); other++) {
      link.await(point + "@" + other);
    }
  }

  @Override
  public void reach(String point) {
    if (At.OPERATIONS.contains(point)) {
      throw new IllegalArgumentException(
          "\"" + point + "\" is an operation; give a point of the test another name");
    }
    int unused = injector.before(point);
  }

  @Override
  public void die() {
    link.die();
  }

  @Override
  public void freeze(Duration time) {
    link.freeze(time);
  }

  @Override
  public String toString() {
    return "rank " + rank() + " of " + size();
  }
}
