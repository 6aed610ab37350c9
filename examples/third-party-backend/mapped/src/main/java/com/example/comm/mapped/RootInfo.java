package com.example.comm.mapped;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Opening and making the file at the root info path; what is something else is left as it was. */
final class RootInfo {

  /** The path can't be used as it is. */
  static final class Unusable extends IOException {

    private static final long serialVersionUID = 1;

    final String advice;

    Unusable(String problem, String advice) {
      super(problem);
      this.advice = advice;
    }
  }

  private RootInfo() {}

  /** Opens the file and makes it if it isn't there. Null: it went away, look again. */
  static FileChannel open(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      throw new Unusable("is a symbolic link, which is never followed", "choose another path");
    }
    Path directory = path.getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      throw new Unusable("can't be used: no directory " + directory, "create it");
    }
    try {
      return create(path);
    } catch (FileAlreadyExistsException e) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
          && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new Unusable("exists and is not a file", "choose another path");
      }
    } catch (AccessDeniedException e) {
      throw new Unusable("may not be written by this user", "choose another path");
    } catch (FileSystemException e) {
      throw new Unusable("can't be used: " + e.getReason(), "choose another path");
    }
    try {
      return existing(path);
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  static FileChannel create(Path path) throws IOException {
    return FileChannel.open(
        path,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  static FileChannel existing(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  /** Fills a file that is empty, or whose maker died meanwhile; the caller has the gate. */
  static boolean prepare(FileChannel channel, int size) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(ControlFile.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    channel.read(all.limit(8), 0);
    long magic = all.getLong(0);
    if (magic == 0 && channel.size() <= ControlFile.LENGTH) {
      all.clear().putLong(ControlFile.SIZE, size);
      all.putLong(ControlFile.GROUP_ID, ThreadLocalRandom.current().nextLong());
      channel.write(all, 0);
      channel.write(all.clear().putLong(0, ControlFile.MAGIC).limit(8), 0);
      return true;
    }
    if (magic != ControlFile.MAGIC || channel.size() != ControlFile.LENGTH) {
      throw new Unusable(
          "exists and is not a rendezvous file of this backend; it was left as it was",
          "choose another path");
    }
    return false;
  }
}
