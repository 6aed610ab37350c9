package comm.testkit.program;

import comm.testkit.RankThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Programs on real ranks. */
class SimProperties {

  @Provide
  Arbitrary<Program> programs() {
    return Programs.upTo(30).withRanks(1, 8).arbitrary();
  }

  @Property(tries = 50)
  void ranks_get_what_the_model_says(@ForAll("programs") Program program) throws IOException {
    Path directory = Files.createTempDirectory("programs");
    try {
      new RankThreads("sim", directory)
          .run(program.size(), communicator -> ProgramRank.run(program, communicator));
    } finally {
      Files.delete(directory);
    }
  }
}
