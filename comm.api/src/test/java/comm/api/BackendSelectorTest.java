package comm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import comm.api.BackendUnavailableException.Candidate;
import comm.api.spi.Availability;
import comm.api.spi.CommBackend;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BackendSelectorTest {

  private static final CommConfig ANY = CommConfig.of(1, 4, Path.of("x"));
  private static final String HOW = " (CommConfig.withBackend, -Dcomm.backend or COMM_BACKEND)";

  private final CommBackend sim = usable("sim", "shared memory");
  private final CommBackend toy = usable("toy", "made of wood");
  private final CommBackend hccl =
      backend(
          "hccl", new Availability.Unavailable("libhccl.so not found in /usr/lib", "install CANN"));

  private static CommBackend usable(String name, String description) {
    return backend(name, new Availability.Available(description));
  }

  private static CommBackend backend(String name, Availability availability) {
    CommBackend backend = mock(CommBackend.class);
    when(backend.name()).thenReturn(name);
    when(backend.availability()).thenReturn(availability);
    return backend;
  }

  private static BackendSelector selector(CommBackend... backends) {
    return new BackendSelector(List.of(backends).iterator());
  }

  private static BackendUnavailableException refused(BackendSelector selector, CommConfig config) {
    return assertThrows(BackendUnavailableException.class, () -> selector.select(config));
  }

  @AfterEach
  void forget_the_property() {
    System.clearProperty("comm.backend");
  }

  @Test
  void takes_the_one_that_is_named() {
    assertSame(toy, selector(sim, hccl, toy).select(ANY.withBackend("toy")));
  }

  @Test
  void takes_the_only_usable_one() {
    assertSame(sim, selector(hccl, sim).select(ANY));
  }

  @Test
  void takes_the_name_from_the_system_property_when_the_config_has_none() {
    System.setProperty("comm.backend", "toy");

    assertSame(toy, selector(sim, toy).select(ANY));
    assertSame(sim, selector(sim, toy).select(ANY.withBackend("sim")));
  }

  @Test
  void takes_a_blank_system_property_as_no_name() {
    System.setProperty("comm.backend", "  ");

    assertSame(sim, selector(sim, hccl).select(ANY));
  }

  @Test
  void passes_on_what_a_backend_says_of_the_machine() {
    when(toy.describe()).thenReturn(Map.of("wood", "oak"));
    when(hccl.describe()).thenThrow(new IllegalStateException("no driver"));

    assertEquals(Map.of("wood", "oak"), selector(sim, toy, hccl).describe("toy"));
    assertEquals(Map.of(), selector(sim, toy).describe("none"));
    assertEquals(
        Map.of(
            "problem",
            "asked to describe this machine, it threw java.lang.IllegalStateException: no driver"),
        selector(sim, hccl).describe("hccl"));
  }

  @Test
  void never_falls_back_from_the_one_that_is_named() {
    BackendUnavailableException e = refused(selector(sim, hccl), ANY.withBackend("hccl"));

    assertEquals(
        "open on rank 1 of 4 (hccl) can't use backend \"hccl\": libhccl.so not found in /usr/lib;"
            + " install CANN; on the path: sim (usable: shared memory); make it usable, or name"
            + " another one"
            + HOW,
        e.getMessage());
    assertEquals(
        List.of(
            new Candidate("sim", true, "shared memory"),
            new Candidate("hccl", false, "libhccl.so not found in /usr/lib; install CANN")),
        e.candidates());
    assertEquals("hccl", e.backend());
  }

  @Test
  void says_what_is_there_when_the_named_one_is_not() {
    assertEquals(
        "open on rank 1 of 4 (simm) found no backend \"simm\"; on the path: sim (usable: shared"
            + " memory); add its module to the path, or name another one"
            + HOW,
        refused(selector(sim), ANY.withBackend("simm")).getMessage());
  }

  @Test
  void says_that_nothing_is_there() {
    assertEquals(
        "open on rank 1 of 4 (none) found no usable backend; no backend is on the path; add one to"
            + " the path"
            + HOW,
        refused(selector(), ANY).getMessage());
  }

  @Test
  void says_why_none_is_usable() {
    assertEquals(
        "open on rank 1 of 4 (none) found no usable backend; on the path: hccl (not usable:"
            + " libhccl.so not found in /usr/lib; install CANN); add one to the path"
            + HOW,
        refused(selector(hccl), ANY).getMessage());
  }

  @Test
  void does_not_choose_between_several_usable_ones() {
    assertEquals(
        "open on rank 1 of 4 (none) found more than one usable backend; on the path: sim (usable:"
            + " shared memory), toy (usable: made of wood); name the one you want"
            + HOW,
        refused(selector(sim, toy), ANY).getMessage());
  }

  @Test
  void does_not_choose_between_two_of_one_name() {
    assertEquals(
        "open on rank 1 of 4 (sim) found more than one backend \"sim\"; on the path: sim (usable:"
            + " shared memory), sim (usable: another); leave one of them on the path, or name"
            + " another one"
            + HOW,
        refused(selector(sim, usable("sim", "another")), ANY.withBackend("sim")).getMessage());
  }

  @Test
  void a_provider_that_can_not_be_made_hides_neither_the_rest_nor_its_reason() {
    BackendSelector selector =
        new BackendSelector(
            providers(
                () -> {
                  throw new ServiceConfigurationError(
                      "Provider x.Y could not be instantiated",
                      new IllegalStateException("no licence"));
                },
                () -> sim));

    assertSame(sim, selector.select(ANY));
    assertEquals(
        List.of(
            new Candidate(
                "unknown",
                false,
                "its provider can't be loaded: java.util.ServiceConfigurationError: Provider x.Y"
                    + " could not be instantiated; caused by java.lang.IllegalStateException: no"
                    + " licence"),
            new Candidate("sim", true, "shared memory")),
        selector.candidates());
    String message = String.valueOf(refused(selector, ANY.withBackend("hccl")).getMessage());
    assertTrue(message.contains("no licence"), message);
  }

  @Test
  void a_backend_that_throws_when_asked_is_not_usable_and_says_why() {
    CommBackend faulty = mock(CommBackend.class);
    when(faulty.name()).thenReturn("faulty");
    when(faulty.availability()).thenThrow(new UnsatisfiedLinkError("libx.so"));
    BackendSelector selector = selector(faulty, sim);

    assertSame(sim, selector.select(ANY));
    assertEquals(
        new Candidate(
            "faulty",
            false,
            "asked whether it is usable, it threw java.lang.UnsatisfiedLinkError: libx.so"),
        selector.candidates().get(0));
  }

  @Test
  void a_backend_that_can_not_say_its_name_hides_no_other() {
    CommBackend faulty = mock(CommBackend.class);
    when(faulty.availability()).thenReturn(new Availability.Available("x"));
    when(faulty.name()).thenThrow(new IllegalStateException("nameless"));

    assertSame(sim, selector(faulty, sim).select(ANY));
  }

  @Test
  void a_path_that_can_not_be_read_ends_the_search() {
    Iterator<CommBackend> broken =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            throw new ServiceConfigurationError("can't read the list of providers");
          }

          @Override
          public CommBackend next() {
            throw new AssertionError("not reached");
          }
        };

    String message = String.valueOf(refused(new BackendSelector(broken), ANY).getMessage());

    assertTrue(message.contains("can't read the list of providers"), message);
  }

  @Test
  void opens_nothing() throws Exception {
    selector(sim, hccl).select(ANY);

    verify(sim, never()).open(any());
    verify(hccl, never()).open(any());
  }

  @Test
  void finds_no_backend_on_the_path_of_this_module_alone() {
    assertEquals(List.of(), Communicator.backends());
    assertThrows(BackendUnavailableException.class, () -> Communicator.open(ANY));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static Iterator<CommBackend> providers(Supplier<CommBackend>... makers) {
    Iterator<Supplier<CommBackend>> all = Stream.of(makers).toList().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return all.hasNext();
      }

      @Override
      public CommBackend next() {
        return all.next().get();
      }
    };
  }
}
