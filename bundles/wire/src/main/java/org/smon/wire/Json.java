// SPDX-License-Identifier: Apache-2.0
package org.smon.wire;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.smon.api.DocumentType;
import org.smon.api.InvalidInputException;
import org.smon.api.Version;
import org.smon.api.Versions;

/** JSON of the messages: ISO times, base64 bytes, versions by document word. Any thread. */
public final class Json {
  private static final Gson COMPACT = builder().create();
  private static final Gson FOR_PEOPLE = builder().serializeNulls().setPrettyPrinting().create();
  private static final Gson ONE_LINE = builder().serializeNulls().create();

  private Json() {}

  /** Compact, absent for null: what travels. */
  public static String write(Object value) {
    return COMPACT.toJson(value);
  }

  /** Indented, null for null: what `--json` prints. */
  public static String writePretty(Object value) {
    return FOR_PEOPLE.toJson(value);
  }

  /** One line, null for null: streams of documents. */
  public static String writeLine(Object value) {
    return ONE_LINE.toJson(value);
  }

  /** Throws {@link InvalidInputException} with one line if the text is not that message. */
  public static <T> T read(String text, Class<T> type) {
    return read(new java.io.StringReader(text), type);
  }

  public static <T> T read(Reader reader, Type type) {
    try {
      T value = COMPACT.fromJson(reader, type);
      if (value == null) {
        throw new InvalidInputException("the message is empty");
      }
      return value;
    } catch (RuntimeException e) { // Gson wraps what a record's constructor refuses in a bare one
      throw new InvalidInputException("the message is not the expected JSON: " + firstLine(e));
    }
  }

  /** Of the innermost cause: Gson's own wrappings begin with the name of a Java class. */
  private static String firstLine(RuntimeException e) {
    Throwable told = e;
    while (told.getCause() != null && told.getCause() != told) {
      told = told.getCause();
    }
    return String.valueOf(told.getMessage()).lines().findFirst().orElse("");
  }

  private static GsonBuilder builder() {
    return new GsonBuilder()
        .disableHtmlEscaping()
        .registerTypeAdapter(Instant.class, new InstantAdapter().nullSafe())
        .registerTypeAdapter(byte[].class, new BytesAdapter().nullSafe())
        .registerTypeAdapter(Versions.class, new VersionsAdapter().nullSafe());
  }

  private static final class InstantAdapter extends TypeAdapter<Instant> {
    @Override
    public void write(JsonWriter out, Instant value) throws IOException {
      out.value(value.toString());
    }

    @Override
    public Instant read(JsonReader in) throws IOException {
      return Instant.parse(in.nextString());
    }
  }

  private static final class BytesAdapter extends TypeAdapter<byte[]> {
    @Override
    public void write(JsonWriter out, byte[] value) throws IOException {
      out.value(Base64.getEncoder().encodeToString(value));
    }

    @Override
    public byte[] read(JsonReader in) throws IOException {
      try {
        return Base64.getDecoder().decode(in.nextString());
      } catch (IllegalArgumentException e) {
        throw new JsonParseException("bytes are not base64", e);
      }
    }
  }

  /** An unknown type of document, from a newer peer, is passed over (R25). */
  private static final class VersionsAdapter extends TypeAdapter<Versions> {
    private static final Type MAP = new TypeToken<Map<String, Version>>() {}.getType();

    @Override
    public void write(JsonWriter out, Versions value) throws IOException {
      Map<String, Version> byWord = new TreeMap<>();
      value.byType().forEach((type, version) -> byWord.put(type.word(), version));
      COMPACT.toJson(byWord, MAP, out);
    }

    @Override
    public Versions read(JsonReader in) throws IOException {
      if (in.peek() != JsonToken.BEGIN_OBJECT) {
        throw new JsonParseException("versions are not an object");
      }
      Map<String, Version> byWord = COMPACT.fromJson(in, MAP);
      Map<DocumentType, Version> known = new EnumMap<>(DocumentType.class);
      for (DocumentType type : DocumentType.values()) {
        Version version = byWord.get(type.word());
        if (version != null && version.hash() != null) {
          known.put(type, version);
        }
      }
      return new Versions(known);
    }
  }
}
