package comm.worker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.worker.kernel.ChipException;
import comm.worker.kernel.HostRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Loading a host runtime, and what it may lack. */
class HostLibraryTest {

  private static HostLibrary open(String variant) {
    HostRuntime runtime = NativeRuntime.named(variant);
    return HostLibrary.open(runtime.library(), runtime.simContext());
  }

  private static String messageOf(ChipException failure) {
    return String.valueOf(failure.getMessage());
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  @Test
  void has_everything() {
    try (HostLibrary library = open("full")) {
      for (Symbol.Group group : Symbol.Group.values()) {
        assertTrue(library.has(group), group.toString());
      }
      assertEquals(4096, new HostCalls(library).getRuntimeSize());
    }
  }

  @Test
  void needs_the_context_first_and_can_be_opened_again() {
    Path library = NativeRuntime.file("other_chip/libhost_runtime.so");
    Path context = NativeRuntime.file("other_chip/libcpu_sim_context.so");
    ChipException failure =
        assertThrows(ChipException.class, () -> HostLibrary.open(library, Optional.empty()));
    assertContains("dlopen failed: " + library, messageOf(failure));
    assertContains("undefined symbol: other_", messageOf(failure));
    assertContains("libcpu_sim_context.so", messageOf(failure));
    assertEquals("dlopen", failure.function());

    try (HostLibrary first = HostLibrary.open(library, Optional.of(context))) {
      assertEquals(library, first.path());
    }
    // the context is never unloaded, so nobody has to name it any more
    HostLibrary.open(library, Optional.empty()).close();
    HostLibrary.open(library, Optional.of(context)).close();
  }

  @Test
  void stays_open_until_its_last_user_is_done() {
    HostLibrary first = open("full");
    HostLibrary second = open("full");
    first.close();
    assertEquals(4096, new HostCalls(second).getRuntimeSize());
    second.close();
  }

  @Test
  void says_that_a_library_is_not_there() {
    Path nowhere = Path.of("/nonexistent/libhost_runtime.so");
    assertContains(
        "dlopen failed: " + nowhere,
        messageOf(
            assertThrows(ChipException.class, () -> HostLibrary.open(nowhere, Optional.empty()))));
    assertContains(
        "dlopen sim_context failed: " + nowhere,
        messageOf(
            assertThrows(
                ChipException.class,
                () ->
                    HostLibrary.open(
                        NativeRuntime.named("full").library(), Optional.of(nowhere)))));
  }

  @Test
  void names_all_core_symbols_that_lack() {
    String message = messageOf(assertThrows(ChipException.class, () -> open("no_core")));
    assertContains("dlsym failed for 'device_malloc_ctx', 'finalize_device'", message);
    assertContains(NativeRuntime.named("no_core").library().toString(), message);
    assertContains("group \"core\"", message);
    assertContains("rebuild the module", message);
  }

  @Test
  void opens_a_runtime_without_an_optional_group_and_fails_when_it_is_called() {
    for (Symbol.Group group :
        List.of(Symbol.Group.KERNEL, Symbol.Group.STREAM, Symbol.Group.COMM)) {
      String variant = "no_" + group.name().toLowerCase(Locale.ROOT);
      try (HostLibrary library = open(variant)) {
        assertFalse(library.has(group));
        ChipException all = assertThrows(ChipException.class, () -> library.require(group));
        for (Symbol symbol : Symbol.values()) {
          boolean lacks = symbol.group() == group;
          assertEquals(lacks, messageOf(all).contains("'" + symbol.symbol() + "'"), variant);
          if (lacks) {
            ChipException one =
                assertThrows(ChipException.class, () -> library.code(symbol, new Object[0]));
            assertEquals(symbol.symbol(), one.function());
            assertContains("dlsym failed for '" + symbol.symbol() + "'", messageOf(one));
            assertContains(library.path().toString(), messageOf(one));
            assertContains(group.toString(), messageOf(one));
            assertContains("use a newer runtime", messageOf(one));
          }
        }
      }
    }
  }
}
